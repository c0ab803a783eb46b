/*
 * Commits through libgit2, and their text by our own hand: what goes into an id is
 * seen here.
 */
#include "base/base.h"
#include "git/commit.h"

#include <git2.h>

#include "base/buf.h"
#include "git/local.h"

static const struct span nowhere;

static struct person person_of(struct arena *mem, const git_signature *s)
{
	return (struct person){ .name = str_copy(mem, str_of(s->name)),
				.email = str_copy(mem, str_of(s->email)),
				.when = { s->when.time, s->when.offset } };
}

/* 0, or what libgit2 answers. */
static int commit_lookup(const struct repository *r, const struct object_id *id, git_commit **out)
{
	git_oid oid;
	int error = git_oid_fromstr(&oid, id->hex);

	return error ? error : git_commit_lookup(out, r->git, &oid);
}

bool commit_read(struct arena *mem, struct diags *d, const struct repository *r,
		 const struct object_id *id, struct commit *out)
{
	git_commit *c = NULL;
	int error = commit_lookup(r, id, &c);

	*out = (struct commit){ .id = *id };
	if (error)
		return refuse_object(d, r, str_of(id->hex), error);
	out->author = person_of(mem, git_commit_author(c));
	out->committer = person_of(mem, git_commit_committer(c));
	out->subject = str_copy(mem, str_of(git_commit_summary(c)));
	out->body = str_copy(mem, str_of(git_commit_body(c)));
	git_commit_free(c);
	return true;
}

bool commit_parent(struct diags *d, const struct repository *r, const struct object_id *id,
		   struct object_id *parent)
{
	git_commit *c = NULL;
	int error = commit_lookup(r, id, &c);

	*parent = (struct object_id){ 0 };
	if (error && error != GIT_ENOTFOUND)
		return refuse_object(d, r, str_of(id->hex), error);
	if (!error && git_commit_parentcount(c))
		git_oid_tostr(parent->hex, sizeof parent->hex, git_commit_parent_id(c, 0));
	git_commit_free(c);
	return true;
}

bool commit_signature(struct arena *mem, struct diags *d, const struct repository *r,
		      const struct object_id *id, struct str *signature, struct str *text)
{
	git_buf by = GIT_BUF_INIT, what = GIT_BUF_INIT;
	git_oid oid;
	int error = git_oid_fromstr(&oid, id->hex);

	*signature = *text = (struct str){ 0 };
	if (!error)
		error = git_commit_extract_signature(&by, &what, r->git, &oid, NULL);
	if (!error) {
		*signature = str_copy(mem, (struct str){ by.ptr, (uint32_t)by.size });
		*text = str_copy(mem, (struct str){ what.ptr, (uint32_t)what.size });
	}
	git_buf_dispose(&by);
	git_buf_dispose(&what);
	return !error || error == GIT_ENOTFOUND || refuse_object(d, r, str_of(id->hex), error);
}

/* Whether the clone has the commit; where it has both, what lies between them must be there as well. */
static bool has_commit(const struct repository *r, const git_oid *id)
{
	git_odb *odb = NULL;
	bool has = !git_repository_odb(&odb, r->git) && git_odb_exists(odb, id);

	git_odb_free(odb);
	return has;
}

/* An answer of libgit2 that only says that the clone ends too early. */
static bool is_history_lacking(const struct repository *r, int answer, const git_oid *a,
			       const git_oid *b)
{
	return answer == GIT_ENOTFOUND && (r->shallow || !has_commit(r, a) || !has_commit(r, b));
}

static enum relation relation_of(int before, int after)
{
	if (before == 1)
		return RELATION_BEFORE;
	if (after == 1)
		return RELATION_AFTER;
	return before < 0 || after < 0 ? RELATION_UNKNOWN : RELATION_NONE;
}

bool commit_relation(struct diags *d, const struct repository *r, const struct object_id *a,
		     const struct object_id *b, enum relation *out)
{
	git_oid x, y;
	int before, after;

	*out = same_hex(a->hex, b->hex) ? RELATION_SAME : RELATION_UNKNOWN;
	if (*out == RELATION_SAME || git_oid_fromstr(&x, a->hex) || git_oid_fromstr(&y, b->hex))
		return true;
	before = git_graph_descendant_of(r->git, &y, &x);
	if (before < 0 && !is_history_lacking(r, before, &x, &y))
		return refuse_object(d, r, str_of(b->hex), GIT_ERROR);
	after = before == 1 ? 0 : git_graph_descendant_of(r->git, &x, &y);
	if (after < 0 && !is_history_lacking(r, after, &x, &y))
		return refuse_object(d, r, str_of(a->hex), GIT_ERROR);
	*out = relation_of(before, after);
	return true;
}

/* Names and addresses end at what would end them in a commit; git drops the same bytes. */
static void put_word(struct buf *out, struct str text)
{
	for (uint32_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= ' ' && text.p[i] != '<' && text.p[i] != '>')
			buf_char(out, text.p[i]);
}

static void put_person(struct buf *out, const char *role, const struct person *p)
{
	int minutes = p->when.minutes, size = minutes < 0 ? -minutes : minutes;

	buf_format(out, "%s ", role);
	put_word(out, p->name);
	buf_lit(out, " <");
	put_word(out, p->email);
	buf_format(out, "> %" PRId64 " %c%02d%02d\n", p->when.seconds, minutes < 0 ? '-' : '+',
		   size / 60, size % 60);
}

struct str commit_text(struct arena *mem, const struct new_commit *c)
{
	struct buf out = buf_new(mem, 0);

	buf_format(&out, "tree %s\n", c->tree.hex);
	if (c->parent.hex[0])
		buf_format(&out, "parent %s\n", c->parent.hex);
	put_person(&out, "author", &c->author);
	put_person(&out, "committer", &c->committer);
	buf_char(&out, '\n');
	buf_str(&out, c->message);
	return buf_view(&out);
}

bool commit_write(struct arena *mem, struct diags *d, const struct repository *r, struct str text,
		  struct str signature, struct object_id *out)
{
	git_oid id;

	if (git_commit_create_with_signature(&id, r->git, str_z(mem, text),
					     signature.p ? str_z(mem, signature) : NULL, NULL)) {
		report_cannot_write(d, nowhere, r->path, git_cause());
		return false;
	}
	git_oid_tostr(out->hex, sizeof out->hex, &id);
	return true;
}

/* Days since 1970-01-01 -> a date (Howard Hinnant, chrono-Compatible Low-Level Date Algorithms). */
static void civil(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t shifted = (5 * of_year + 2) / 153;

	*day = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = years + era * 400 + (*month <= 2);
}

struct str time_text(struct arena *mem, struct signed_time t)
{
	int64_t local = t.seconds + (int64_t)t.minutes * 60;
	int64_t days = local / 86400 - (local % 86400 < 0), rest = local - days * 86400;
	int64_t year, month, day, size = t.minutes < 0 ? -t.minutes : t.minutes;
	struct str zone = t.minutes ? str_format(mem, "%c%02d:%02d", t.minutes < 0 ? '-' : '+',
						 (int)(size / 60), (int)(size % 60))
				    : S("Z");

	civil(days, &year, &month, &day);
	return str_format(mem, "%04d-%02d-%02dT%02d:%02d:%02d%.*s", (int)year, (int)month, (int)day,
			  (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60), STR(zone));
}
