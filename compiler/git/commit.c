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

bool commit_read(struct arena *mem, struct diags *d, const struct repository *r,
		 const struct object_id *id, struct commit *out)
{
	git_commit *c = NULL;
	git_oid oid;

	*out = (struct commit){ .id = *id };
	if (git_oid_fromstr(&oid, id->hex) || git_commit_lookup(&c, r->git, &oid)) {
		report_object_missing(d, nowhere, str_of(id->hex));
		return false;
	}
	out->author = person_of(mem, git_commit_author(c));
	out->committer = person_of(mem, git_commit_committer(c));
	out->subject = str_copy(mem, str_of(git_commit_summary(c)));
	out->body = str_copy(mem, str_of(git_commit_body(c)));
	git_commit_free(c);
	return true;
}

struct object_id commit_parent(const struct repository *r, const struct object_id *id)
{
	struct object_id parent = { 0 };
	git_commit *c = NULL;
	git_oid oid;

	if (!git_oid_fromstr(&oid, id->hex) && !git_commit_lookup(&c, r->git, &oid) &&
	    git_commit_parentcount(c))
		git_oid_tostr(parent.hex, sizeof parent.hex, git_commit_parent_id(c, 0));
	git_commit_free(c);
	return parent;
}

bool commit_signature(struct arena *mem, const struct repository *r, const struct object_id *id,
		      struct str *signature, struct str *text)
{
	git_buf by = GIT_BUF_INIT, what = GIT_BUF_INIT;
	git_oid oid;
	bool found = !git_oid_fromstr(&oid, id->hex) &&
		     !git_commit_extract_signature(&by, &what, r->git, &oid, NULL);

	if (found) {
		*signature = str_copy(mem, (struct str){ by.ptr, (uint32_t)by.size });
		*text = str_copy(mem, (struct str){ what.ptr, (uint32_t)what.size });
	}
	git_buf_dispose(&by);
	git_buf_dispose(&what);
	return found;
}

/* 1: a is an ancestor of b; 0: it is not; below: it cannot be told. */
static int descends(const struct repository *r, const git_oid *b, const git_oid *a)
{
	return git_graph_descendant_of(r->git, b, a);
}

enum relation commit_relation(const struct repository *r, const struct object_id *a,
			      const struct object_id *b)
{
	git_oid x, y;
	int before, after;

	if (same_hex(a->hex, b->hex))
		return RELATION_SAME;
	if (git_oid_fromstr(&x, a->hex) || git_oid_fromstr(&y, b->hex))
		return RELATION_UNKNOWN;
	before = descends(r, &y, &x);
	if (before == 1)
		return RELATION_BEFORE;
	after = descends(r, &x, &y);
	if (after == 1)
		return RELATION_AFTER;
	return before < 0 || after < 0 ? RELATION_UNKNOWN : RELATION_NONE;
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
