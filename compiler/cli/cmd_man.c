/*
 * man: manual pages, from the same tables as --help. One page for meshc and one per
 * command, in the macros of man(7).
 *
 *	"print `x`, -C or not"   ->   print \fBx\fR, \-C or not
 */
#include "base/base.h"
#include "cli/command.h"

/* clang-format off */
struct place {
	const char *path, *holds;
};

static const struct place places[] = {
	{ "meshc.yaml", "the root of the repository: a Fleet, which may name other folders than these" },
	{ "inventory/", "a folder per cluster with its Kubernetes objects as kubectl prints them" },
	{ "mesh/",      "declarations: VirtualMesh, TrafficPolicy, AccessPolicy" },
	{ "rendered/",  "what `meshc build` writes: clusters/<cluster>/<namespace>/, and an index of it" },
};
/* clang-format on */

#define LINE_BYTES 64u /* more would be hard to read where it is not formatted */

static void put_character(struct buf *out, char c)
{
	if (c == '\\')
		buf_lit(out, "\\e");
	else if (c == '-')
		buf_lit(out, "\\-");
	else
		buf_char(out, c);
}

static size_t line_begin(const struct buf *out)
{
	size_t n = out->n;

	while (n && out->p[n - 1] != '\n')
		n--;
	return n;
}

/* Words in short lines; what stands between backquotes is bold. A control character of roff begins no line. */
static void put_text(struct buf *out, const char *text)
{
	size_t line = line_begin(out);
	bool bold = false;

	for (const char *p = text; *p; p++) {
		if (*p == ' ' && out->n - line > LINE_BYTES) {
			buf_char(out, '\n');
			line = out->n;
		} else if (*p == '`') {
			bold = !bold;
			buf_format(out, "\\f%c", bold ? 'B' : 'R');
		} else {
			if (out->n == line && (*p == '.' || *p == '\''))
				buf_lit(out, "\\&");
			put_character(out, *p);
		}
	}
}

/* "meshc-inventory-list" */
static void put_page_name(struct buf *out, const struct command *c)
{
	buf_lit(out, "meshc");
	for (const char *p = c ? c->name : ""; *p; p++) {
		if (p == c->name)
			buf_lit(out, "\\-");
		buf_format(out, "%s", *p == ' ' ? "\\-" : (char[]){ *p, '\0' });
	}
}

/* "MESHC-INVENTORY-LIST" */
static void put_title(struct buf *out, const struct command *c)
{
	size_t from = out->n;

	put_page_name(out, c);
	for (size_t i = from; i < out->n; i++)
		if (out->p[i] >= 'a' && out->p[i] <= 'z')
			out->p[i] = (char)(out->p[i] - 'a' + 'A');
}

/* Without a date: the same sources give the same page. */
static void put_head(struct buf *out, const struct command *c, const char *help)
{
	buf_lit(out, ".TH ");
	put_title(out, c);
	buf_lit(out, " 1 \"\" \"meshc " MESHC_VERSION "\" \"meshc manual\"\n.SH NAME\n");
	put_page_name(out, c);
	buf_lit(out, " \\- ");
	put_text(out, help);
	buf_lit(out, "\n.SH SYNOPSIS\n");
}

static void put_option(struct buf *out, const struct command *c, enum option option)
{
	const struct option_row *row = option_row(option);

	buf_lit(out, ".TP\n");
	if (row->letter)
		buf_format(out, "\\fB\\-%c\\fR, ", row->letter);
	buf_lit(out, "\\fB");
	put_text(out, str_format(out->mem, "--%s", row->name).p);
	buf_lit(out, "\\fR");
	if (row->value)
		buf_format(out, " \\fI%s\\fR", row->value);
	buf_char(out, '\n');
	put_text(out, help_option(out->mem, c, option));
	buf_char(out, '\n');
}

static void put_exits(struct buf *out)
{
	buf_lit(out, ".SH EXIT STATUS\n");
	for (uint32_t i = 0; i < n_exit_rows; i++) {
		buf_format(out, ".TP\n%d\n", exit_rows[i].exit);
		put_text(out, exit_rows[i].help);
		buf_char(out, '\n');
	}
}

static void put_places(struct buf *out)
{
	buf_lit(out, ".SH FILES\n");
	for (size_t i = 0; i < countof(places); i++) {
		buf_format(out, ".TP\n.I %s\n", places[i].path);
		put_text(out, places[i].holds);
		buf_char(out, '\n');
	}
}

static void put_commands(struct buf *out)
{
	buf_lit(out, ".SH COMMANDS\n");
	for (uint32_t i = 0; i < command_count(); i++) {
		buf_lit(out, ".TP\n.BR ");
		put_page_name(out, command_at(i));
		buf_lit(out, " (1)\n");
		put_text(out, command_at(i)->help);
		buf_char(out, '\n');
	}
}

/* All pages but the one that says it. */
static void put_see_also(struct buf *out, const struct command *except)
{
	const char *before = "";

	buf_lit(out, ".SH SEE ALSO\n");
	for (uint32_t i = 0; i <= command_count(); i++) {
		const struct command *c = i ? command_at(i - 1) : NULL;

		if (c == except)
			continue;
		buf_format(out, "%s.BR ", before);
		put_page_name(out, c);
		buf_lit(out, " (1)");
		before = " ,\n";
	}
	buf_char(out, '\n');
}

static void put_overview(struct buf *out)
{
	put_head(out, NULL, "compile mesh declarations into the manifests of clusters");
	buf_lit(out, ".B meshc\n.I COMMAND\n.RI [ OPTIONS ]\n.SH DESCRIPTION\n");
	put_text(out, "meshc compiles mesh declarations (the Gloo Mesh 1.x API) and an inventory "
		      "of clusters into the Istio and Linkerd manifests that each cluster needs, "
		      "for Argo CD or Flux to apply. It talks to no cluster and to no network.\n"
		      "The result goes to standard output, everything else to standard error.\n");
	put_commands(out);
	put_exits(out);
	buf_lit(out,
		".SH ENVIRONMENT\n.TP\n.B NO_COLOR\n"
		"set to anything, it keeps colour off unless \\fB\\-\\-color\\fR asks for it\n");
	put_places(out);
	put_see_also(out, NULL);
}

/* The help as a sentence. */
static void put_sentence(struct buf *out, const char *help)
{
	char first[] = { *help, '\0' };

	if (*first >= 'a' && *first <= 'z')
		*first = (char)(*first - 'a' + 'A');
	put_text(out, str_format(out->mem, "%s%s.\n", first, help + 1).p);
}

static void put_command(struct buf *out, const struct command *c)
{
	put_head(out, c, c->help);
	buf_format(out, ".B meshc %s\n", c->name);
	if (*c->words)
		buf_format(out, ".I \"%s\"\n", c->words);
	buf_lit(out, ".RI [ OPTIONS ]\n.SH DESCRIPTION\n");
	put_sentence(out, c->help);
	buf_lit(out, ".SH OPTIONS\n");
	for (uint32_t i = 0; i < OPTION_MAX; i++)
		if (c->options >> i & 1)
			put_option(out, c, (enum option)i);
	put_exits(out);
	put_places(out);
	put_see_also(out, c);
}

enum exit_code cmd_man(struct invocation *in)
{
	const struct command *command;
	uint32_t used;

	if (in->n_words == 0) {
		put_overview(&in->out);
		return EXIT_CLEAN;
	}
	command = command_find(in->words, in->n_words, &used);
	if (!command)
		return command_complain(
			in, str_format(in->mem, "there is no page on `%s`", in->words[0]));
	put_command(&in->out, command);
	return EXIT_CLEAN;
}
