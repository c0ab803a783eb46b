/*
 * Reading the command line by the table options.def.
 *
 * Options may stand before and after the command's name: what an option takes
 * does not depend on the command, only whether the command wants it does.
 */
#include "base/base.h"
#include "cli/options.h"

#include "base/limit.h"
#include "cli/value.h"
#include "report/diff.h"

struct reading {
	struct arena *mem;
	const char *const *arguments;
	uint32_t n, next;
	struct options *out;
	struct buf *complaint;
};

static bool complain_value(struct reading *r, const char *value, const char *takes)
{
	buf_format(r->complaint, "`%s` is not %s", value, takes);
	return false;
}

static bool take_directory(struct reading *r, const char *value)
{
	r->out->directory = *value ? value : ".";
	return true;
}

/* One of the three, however often. */
static bool read_from(struct reading *r, enum root_kind kind, uint64_t bit)
{
	r->out->root_kind = kind;
	if (!(r->out->given & (BIT(REV) | BIT(HEAD) | BIT(STAGED) | BIT(WORKTREE)) & ~bit))
		return true;
	buf_format(r->complaint, "of `--%s`, `--staged` and `--worktree` only one can be given",
		   r->out->given & BIT(HEAD) ? "head" : "rev");
	return false;
}

static bool take_rev(struct reading *r, const char *value)
{
	r->out->rev = value;
	if (!*value || *value == '-')
		return complain_value(r, value, "a revision");
	return read_from(r, ROOT_REVISION, BIT(REV));
}

static bool take_head(struct reading *r, const char *value)
{
	r->out->rev = value;
	if (!*value || *value == '-')
		return complain_value(r, value, "a revision");
	return read_from(r, ROOT_REVISION, BIT(HEAD));
}

static bool take_base(struct reading *r, const char *value)
{
	r->out->base = value;
	return (*value && *value != '-') || complain_value(r, value, "a revision");
}

static bool take_staged(struct reading *r, const char *value)
{
	(void)value;
	return read_from(r, ROOT_STAGED, BIT(STAGED));
}

static bool take_worktree(struct reading *r, const char *value)
{
	(void)value;
	return read_from(r, ROOT_WORKTREE, BIT(WORKTREE));
}

static bool complain_choice(struct reading *r, enum option option, const char *value)
{
	struct value_set set = value_set(r->mem, str_of(option_row(option)->value));

	buf_str(r->complaint, value_complaint(r->mem, &set, str_of(value)));
	return false;
}

static bool take_output(struct reading *r, const char *value)
{
	struct str names = report_format_names(r->mem, true);

	r->out->output_name = value;
	r->out->output = report_format_find(str_of(value));
	return r->out->output || diff_format_find(str_of(value)) ||
	       complain_value(r, value, str_format(r->mem, "an output format: %.*s", STR(names)).p);
}

static bool take_dump_plan(struct reading *r, const char *value)
{
	const struct report_format *format = report_format_find(str_of(value));

	r->out->dump_plan = format;
	return (format && !format->findings_only) ||
	       complain_value(r, value, "a format of the plan: json or text");
}

static bool take_out_dir(struct reading *r, const char *value)
{
	r->out->out_dir = value;
	return *value || complain_value(r, value, "a folder");
}

static bool take_stubs(struct reading *r, const char *value)
{
	r->out->stubs = value;
	return *value || complain_value(r, value, "a folder");
}

#define TAKE_TEXT(name)                                                                            \
	static bool take_##name(struct reading *r, const char *value)                              \
	{                                                                                          \
		r->out->name = value;                                                              \
		return true;                                                                       \
	}
TAKE_TEXT(kind)
TAKE_TEXT(target)
TAKE_TEXT(sign)
TAKE_TEXT(confirm)
TAKE_TEXT(source)
TAKE_TEXT(wave)
TAKE_TEXT(allowed_signers)

/* The value as an index into those that the option takes. */
static bool choose(struct reading *r, enum option option, const char *value, int *chosen)
{
	struct value_set set = value_set(r->mem, str_of(option_row(option)->value));

	*chosen = value_find(&set, str_of(value));
	return *chosen >= 0 || complain_choice(r, option, value);
}

static bool take_fail_on(struct reading *r, const char *value)
{
	int chosen;

	if (!choose(r, OPTION_FAIL_ON, value, &chosen))
		return false;
	r->out->fail_on = (enum fail_on)chosen;
	return true;
}

static bool take_color(struct reading *r, const char *value)
{
	int chosen;

	if (!choose(r, OPTION_COLOR, value, &chosen))
		return false;
	r->out->color = (enum color)chosen;
	return true;
}

static bool take_sandbox(struct reading *r, const char *value)
{
	int chosen;

	if (!choose(r, OPTION_SANDBOX, value, &chosen))
		return false;
	r->out->sandbox = (enum sandbox_mode)chosen;
	return true;
}

static bool read_count(const char *value, uint32_t most, uint32_t *out)
{
	uint64_t n = 0;

	for (const char *p = value; *p; p++) {
		if (*p < '0' || *p > '9')
			return false;
		n = n * 10 + (uint64_t)(*p - '0');
		if (n > most)
			return false;
	}
	*out = (uint32_t)n;
	return *value;
}

static bool take_jobs(struct reading *r, const char *value)
{
	return (read_count(value, LIMIT_JOBS, &r->out->jobs) && r->out->jobs > 0) ||
	       complain_value(r, value, "a number of threads from 1 to 64");
}

_Static_assert(LIMIT_JOBS == 64, "the text above names it");

static bool take_shard(struct reading *r, const char *value)
{
	const char *slash = strchr(value, '/');
	struct shard *s = &r->out->shard;

	if (slash &&
	    read_count(str_format(r->mem, "%.*s", (int)(slash - value), value).p, LIMIT_SHARDS,
		       &s->index) &&
	    read_count(slash + 1, LIMIT_SHARDS, &s->count) && s->index && s->index <= s->count)
		return true;
	return complain_value(r, value, "a part of all, such as 1/4");
}

static bool take_max_errors(struct reading *r, const char *value)
{
	return read_count(value, INT32_MAX, &r->out->max_errors) ||
	       complain_value(r, value, "a number");
}

#define TAKE_FLAG(name)                                                                            \
	static bool take_##name(struct reading *r, const char *value)                              \
	{                                                                                          \
		(void)value;                                                                       \
		r->out->name = true;                                                               \
		return true;                                                                       \
	}
TAKE_FLAG(all)
TAKE_FLAG(dry_run)
TAKE_FLAG(no_push)
TAKE_FLAG(allow_removals)
TAKE_FLAG(allow_rewind)
TAKE_FLAG(recompile)
TAKE_FLAG(requirements)
TAKE_FLAG(services)
TAKE_FLAG(capabilities)
TAKE_FLAG(list)
TAKE_FLAG(markdown)
TAKE_FLAG(verbose)
TAKE_FLAG(timings)
TAKE_FLAG(stat)
TAKE_FLAG(exit_code)
TAKE_FLAG(help)
TAKE_FLAG(version)

static const struct option_row rows[] = {
#define OPTION(constant, letter, name, value, take, help)                                          \
	[OPTION_##constant] = { letter, name, value, help },
#include "cli/options.def"
#undef OPTION
};

static bool (*const takes[])(struct reading *, const char *value) = {
#define OPTION(constant, letter, name, value, take, help) [OPTION_##constant] = take,
#include "cli/options.def"
#undef OPTION
};

_Static_assert(countof(rows) == OPTION_MAX && OPTION_MAX <= 64, "one row and one bit per option");

const struct option_row *option_row(enum option option)
{
	return &rows[option];
}

static bool complain_unknown(struct reading *r, struct str name)
{
	struct str names[OPTION_MAX];
	struct str closest;

	for (uint32_t i = 0; i < OPTION_MAX; i++)
		names[i] = str_of(rows[i].name);
	closest = str_nearest(name, names, OPTION_MAX);
	buf_format(r->complaint, "`--%.*s` is not an option", STR(name));
	if (closest.n)
		buf_format(r->complaint, "; closest name: `--%.*s`", STR(closest));
	return false;
}

static bool take(struct reading *r, enum option option, const char *inline_value)
{
	const char *value = inline_value;

	if (rows[option].value && !value) {
		if (r->next == r->n) {
			buf_format(r->complaint, "`--%s` needs a value: %s", rows[option].name,
				   rows[option].value);
			return false;
		}
		value = r->arguments[r->next++];
	}
	if (!rows[option].value && value) {
		buf_format(r->complaint, "`--%s` takes no value", rows[option].name);
		return false;
	}
	r->out->given |= UINT64_C(1) << option;
	return takes[option](r, value);
}

static bool read_long(struct reading *r, const char *text)
{
	const char *equals = strchr(text, '=');
	struct str name = { text, (uint32_t)(equals ? (size_t)(equals - text) : strlen(text)) };

	for (uint32_t i = 0; i < OPTION_MAX; i++)
		if (str_eq(name, str_of(rows[i].name)))
			return take(r, (enum option)i, equals ? equals + 1 : NULL);
	return complain_unknown(r, name);
}

/* -j4 and -j 4; letters without a value stand alone. */
static bool read_short(struct reading *r, const char *text)
{
	for (uint32_t i = 0; i < OPTION_MAX; i++) {
		if (rows[i].letter != text[0] || (text[1] && !rows[i].value))
			continue;
		return take(r, (enum option)i, text[1] ? text + 1 : NULL);
	}
	buf_format(r->complaint, "`-%s` is not an option", text);
	return false;
}

static bool read_argument(struct reading *r, const char *argument, bool *ended)
{
	if (*ended || argument[0] != '-' || !argument[1]) {
		r->out->words[r->out->n_words++] = argument;
		return true;
	}
	if (argument[1] != '-')
		return read_short(r, argument + 1);
	if (argument[2])
		return read_long(r, argument + 2);
	*ended = true;
	return true;
}

bool options_parse(struct arena *mem, const char *const *arguments, uint32_t n, struct options *out,
		   struct buf *complaint)
{
	struct reading r = {
		.mem = mem, .arguments = arguments, .n = n, .out = out, .complaint = complaint
	};
	bool ended = false;

	*out = (struct options){ .directory = ".",
				 .output = report_formats,
				 .output_name = report_formats[0].name,
				 .max_errors = LIMIT_FINDINGS_SHOWN };
	out->words = NEW(mem, const char *, n + 1);
	while (r.next < n)
		if (!read_argument(&r, arguments[r.next++], &ended))
			return false;
	return true;
}
