/*
 * See case.h. case.yaml is four keys on four lines; a test runner that needed
 * the compiler's own YAML reader could not judge it.
 */
#include "base/base.h"

#include "golden/case.h"

#include "golden/disk.h"

static struct str trim(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_slice(s, 1, s.n);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s = str_slice(s, 0, s.n - 1);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = str_slice(s, 1, s.n - 1);
	return s;
}

/* [build, --jobs, "2"] */
static void take_args(struct arena *mem, struct golden_case *out, struct str list)
{
	if (list.n < 2 || list.p[0] != '[' || list.p[list.n - 1] != ']')
		give_up("%s: args takes a list, as in [build]", out->folder);
	list = str_slice(list, 1, list.n - 1);
	while (list.n) {
		int64_t comma = str_find(list, ',');
		uint32_t end = comma < 0 ? list.n : (uint32_t)comma;

		vec_add(mem, &out->args, str_z(mem, trim(str_slice(list, 0, end))));
		list = str_slice(list, end + 1, list.n);
	}
}

static int number(const struct golden_case *c, struct str text)
{
	int n = 0;

	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || n > 255)
			give_up("%s: exit takes a number", c->folder);
		n = n * 10 + text.p[i] - '0';
	}
	return n;
}

static void take_line(struct arena *mem, struct golden_case *out, struct str line)
{
	int64_t colon = str_find(line, ':');
	struct str key = colon < 0 ? line : str_slice(line, 0, (uint32_t)colon);
	struct str value = colon < 0 ? S("") : trim(str_slice(line, (uint32_t)colon + 1, line.n));

	if (!trim(line).n || line.p[0] == '#')
		return;
	if (str_eq(key, S("shows")))
		out->shows = value;
	else if (str_eq(key, S("base")))
		out->base = value;
	else if (str_eq(key, S("exit")))
		out->exit = number(out, value);
	else if (str_eq(key, S("args")))
		take_args(mem, out, value);
	else
		give_up("%s/case.yaml: `%.*s`: the keys are shows, args, exit and base",
			out->folder, STR(line));
}

static enum case_kind kind_of(struct str name)
{
	if (str_starts(name, S("findings/")))
		return CASE_FINDING;
	return str_starts(name, S("examples/")) ? CASE_EXAMPLE : CASE_TREE;
}

struct golden_case case_read(struct arena *mem, const char *repository, const char *name)
{
	struct golden_case out = { .kind = kind_of(str_of(name)),
				   .repository = repository,
				   .exit = -1 };
	struct str text;

	out.name = str_of(name);
	out.folder = str_format(mem, "%s/golden/%s", repository, name).p;
	text = disk_read(mem, path_join(mem, out.folder, "case.yaml"));
	while (text.n) {
		int64_t newline = str_find(text, '\n');
		uint32_t end = newline < 0 ? text.n : (uint32_t)newline;

		take_line(mem, &out, str_slice(text, 0, end));
		text = str_slice(text, end + 1, text.n);
	}
	if (out.kind == CASE_TREE && !out.shows.n)
		give_up("%s/case.yaml: say in one line what the case shows", out.folder);
	if (!out.args.n)
		vec_add(mem, &out.args, out.kind == CASE_FINDING ? "check" : "build");
	return out;
}
