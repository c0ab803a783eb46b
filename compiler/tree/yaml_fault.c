/*
 * libyaml's complaints as findings: its own words, which people search the web
 * for, at its own place, and what to do about it where the words do not say.
 */
#include "base/base.h"

#include "tree/local.h"

struct advice {
	const char *problem;
	const char *context; /* NULL: any */
	const char *help;
};

/* The first row that matches. */
static const struct advice advices[] = {
	{ "mapping values are not allowed in this context", NULL,
	  "quote the value if `: ` belongs to it, or check the indentation of this line" },
	{ "could not find expected ':'", NULL,
	  "a key is one line, followed by a colon and a space" },
	{ "did not find expected key", "while parsing a block mapping",
	  "this line is not indented like the keys above it" },
	{ "did not find expected '-' indicator", NULL,
	  "this line is not indented like the items above it" },
	{ "block sequence entries are not allowed in this context", NULL,
	  "start the list on a line of its own, or quote the value if `- ` belongs to it" },
	{ "did not find expected alphabetic or numeric character", "while scanning an alias",
	  "quote text that starts with `*`" },
	{ "did not find expected alphabetic or numeric character", "while scanning an anchor",
	  "quote text that starts with `&`" },
	{ "found character that cannot start any token", NULL,
	  "quote text that starts with `@`, `%` or a backquote" },
	{ "did not find expected node content", NULL,
	  "a value is missing here, or it starts with a character that must be quoted" },
	{ "found unknown escape character", NULL,
	  "write `\\\\` for a backslash in double quotes, or use single quotes" },
	{ "found invalid Unicode character escape code", NULL,
	  "write the character itself, not its surrogates" },
	{ "found unexpected end of stream", "while scanning a quoted scalar",
	  "the closing quote is missing" },
	{ "found unexpected document indicator", "while scanning a quoted scalar",
	  "the closing quote is missing" },
	{ "did not find expected ',' or ']'", NULL, "a comma or the closing `]` is missing" },
	{ "did not find expected ',' or '}'", NULL, "a comma or the closing `}` is missing" },
	{ "did not find expected <document start>", NULL, "separate documents with a line `---`" },
	{ "did not find expected comment or line break", "while scanning a block scalar",
	  "the text starts on the line below `|` or `>`" },
};

static bool advice_fits(const struct advice *advice, const struct yaml_fault *fault)
{
	if (strcmp(advice->problem, fault->problem) != 0)
		return false;
	return !advice->context || (fault->context && strcmp(advice->context, fault->context) == 0);
}

static void add_advice(struct finding *f, const struct yaml_fault *fault)
{
	for (size_t i = 0; i < countof(advices); i++) {
		if (advice_fits(&advices[i], fault)) {
			help(f, "%s", advices[i].help);
			return;
		}
	}
}

/* One character; at the end of the text the last thing that can be seen. */
static struct span place(const struct file *file, uint32_t at)
{
	struct str text = file->text;
	if (at >= text.n) {
		at = text.n;
		while (at > 0 && strchr(" \t\r\n", text.p[at - 1]))
			at--;
		while (at > 0 && ((unsigned char)text.p[--at] & 0xc0) == 0x80)
			continue;
	}

	uint32_t code;
	uint32_t length = utf8_decode(text.p + at, text.n - at, &code);
	if (length == 0 || code == '\n' || code == '\r')
		return (struct span){ file->id, at, at };
	return (struct span){ file->id, at, at + length };
}

static bool is_tab_fault(const struct file *file, const struct yaml_fault *fault)
{
	return fault->at < file->text.n && file->text.p[fault->at] == '\t' &&
	       strncmp(fault->problem, "found ", 6) == 0;
}

/* `!e!name` without its %TAG line: a tag like any other. */
static bool report_as_tag(struct diags *diags, const struct file *file,
			  const struct yaml_fault *fault)
{
	if (strcmp(fault->problem, "found undefined tag handle") != 0)
		return false;

	uint32_t end = fault->at;
	while (end < file->text.n && !strchr(" \t\r\n", file->text.p[end]))
		end++;
	report_tag(diags, (struct span){ file->id, fault->at, end },
		   str_slice(file->text, fault->at, end));
	return true;
}

void yaml_fault_report(struct diags *diags, const struct file *file, const struct yaml_fault *fault)
{
	if (report_as_tag(diags, file, fault))
		return;

	struct span at = place(file, fault->at);
	if (is_tab_fault(file, fault)) {
		struct finding *f =
			report_yaml_syntax(diags, at, S("a tab cannot be used for indentation"));
		help(f, "indent with spaces");
		return;
	}

	struct finding *f = report_yaml_syntax(diags, at, str_of(fault->problem));
	if (fault->context)
		note(f, place(file, fault->context_at), "%s", fault->context);
	add_advice(f, fault);
}
