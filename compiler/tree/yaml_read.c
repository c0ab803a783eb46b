/*
 * YAML and JSON text -> nodes, on libyaml's events.
 *
 * Every limit is checked on the event that would exceed it: libyaml itself has
 * none and is quadratic in depth. It counts characters, spans count bytes: a
 * cursor goes between them. yaml_build.c makes the tree of what is taken here.
 */
#include "base/base.h"

#include "tree/yaml.h"

#include "tree/local.h"

#include <yaml.h>

static struct span span_at(struct yaml_reader *r, const yaml_event_t *event)
{
	uint32_t start = yaml_cursor_move(&r->cursor, event->start_mark.index);
	return (struct span){ r->file->id, start,
			      yaml_cursor_move(&r->cursor, event->end_mark.index) };
}

static struct str text_at(const struct yaml_reader *r, struct span at)
{
	return str_slice(r->file->text, at.start, at.end);
}

static bool is_any(char c, const char *set)
{
	return strchr(set, c) != NULL;
}

static bool is_property(char c)
{
	return c == '&' || c == '!';
}

/* Anchors and tags stand in front of a value, in any order: `&a !t value`. */
static void refuse_properties(struct yaml_reader *r, uint32_t at)
{
	struct str text = r->file->text;
	while (at < text.n && is_property(text.p[at])) {
		uint32_t end = at;
		while (end < text.n && !is_any(text.p[end], " \t\r\n,]}"))
			end++;
		struct span span = { r->file->id, at, end };
		if (!yaml_fault(r))
			return;
		if (text.p[at] == '&')
			report_anchor(r->diags, span, yaml_shown(str_slice(text, at + 1, end)));
		else
			report_tag(r->diags, span, yaml_shown(text_at(r, span)));
		at = end;
		while (at < text.n && is_any(text.p[at], " \t\r\n"))
			at++;
	}
}

static void take_alias(struct yaml_reader *r, const yaml_event_t *event)
{
	struct span at = span_at(r, event);
	if (yaml_fault(r)) {
		struct str name = str_slice(r->file->text, at.start + 1, at.end);
		struct finding *f = report_alias(r->diags, at, yaml_shown(name));
		help(f, "repeat the value here, or quote text that starts with `*`");
	}
	if (yaml_expects_key(r))
		yaml_put_key(r, text_at(r, at), at);
	else
		yaml_put_value(r, yaml_node(r, NODE_NULL, STYLE_PLAIN, at));
}

/* The file's own bytes if they are the value's; otherwise a copy. */
static struct str scalar_text(struct yaml_reader *r, struct str value, struct span at,
			      enum node_style style, bool one_line)
{
	struct str written = { r->file->text.p + at.start, at.end - at.start };
	if (style == STYLE_PLAIN && one_line && written.n == value.n)
		return written; /* nothing can have been folded */
	if (style == STYLE_QUOTED && written.n >= 2)
		written = (struct str){ written.p + 1, written.n - 2 };
	return str_eq(written, value) ? written : str_copy(r->mem, value);
}

static void take_key(struct yaml_reader *r, enum node_kind kind, enum node_style style,
		     struct str text, struct span at)
{
	yaml_put_key(r, text, at);
	if (style != STYLE_PLAIN)
		return;
	if (str_eq(text, S("<<")) && yaml_fault(r)) {
		report_merge_key(r->diags, at);
		return;
	}
	if (kind == NODE_STRING || !yaml_fault(r))
		return;

	struct finding *f = report_key_not_string(r->diags, at);
	struct str quoted = str_format(r->diags->mem, "\"%.*s\"", STR(yaml_shown(text)));
	help(f, "quote it: `%.*s`", STR(quoted));
	if (text.n > 0 && yaml_shown(text).n == text.n)
		fix(f, at, quoted);
}

static enum node_style scalar_style(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return STYLE_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		return STYLE_BLOCK;
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE:
		break;
	}
	return STYLE_PLAIN;
}

static bool is_too_long(struct yaml_reader *r, size_t length, struct span at)
{
	if (length <= LIMIT_SCALAR_BYTES)
		return false;
	if (yaml_fault(r)) {
		struct str limit = str_format(r->scratch, "%u", LIMIT_SCALAR_BYTES);
		report_scalar_too_long(r->diags, (struct span){ at.file, at.start, at.start + 1 },
				       limit);
	}
	return true;
}

static void take_scalar(struct yaml_reader *r, const yaml_event_t *event)
{
	struct span at = span_at(r, event);
	struct str value = { (const char *)event->data.scalar.value,
			     (uint32_t)event->data.scalar.length };
	enum node_style style = scalar_style(event->data.scalar.style);

	if (at.start < at.end && is_property(r->file->text.p[at.start]))
		refuse_properties(r, at.start);
	if (style == STYLE_BLOCK) /* libyaml lets it reach to the next thing behind it */
		at = yaml_trim(r, at);
	if (is_too_long(r, value.n, at))
		value = (struct str){ 0 };

	enum node_kind kind = style == STYLE_PLAIN ? yaml_plain_kind(value) : NODE_STRING;
	bool one_line = event->start_mark.line == event->end_mark.line;
	struct str text = scalar_text(r, value, at, style, one_line);
	if (yaml_expects_key(r)) {
		take_key(r, kind, style, text, at);
		return;
	}
	struct node *scalar = yaml_node(r, kind, style, at);
	scalar->u.text = text;
	yaml_put_value(r, scalar);
}

static bool has_properties(const yaml_event_t *event)
{
	if (event->type == YAML_MAPPING_START_EVENT)
		return event->data.mapping_start.anchor || event->data.mapping_start.tag;
	return event->data.sequence_start.anchor || event->data.sequence_start.tag;
}

static bool open_collection(struct yaml_reader *r, enum node_kind kind, bool flow,
			    const yaml_event_t *event)
{
	struct span at = span_at(r, event);
	if (has_properties(event))
		refuse_properties(r, at.start);
	return yaml_open(r, kind, flow ? STYLE_FLOW : STYLE_BLOCK, at);
}

static bool begin_document(struct yaml_reader *r, const yaml_event_t *event)
{
	r->document.at = span_at(r, event);
	if (r->n_documents++ < LIMIT_DOCUMENTS)
		return true;
	if (yaml_fault(r))
		report_too_many_documents(r->diags, r->document.at,
					  str_format(r->scratch, "%u", LIMIT_DOCUMENTS));
	return false;
}

/* false: this document is not read any further. */
static bool take_event(struct yaml_reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(r, event);
	case YAML_DOCUMENT_END_EVENT:
		yaml_end_document(r, yaml_cursor_move(&r->cursor, event->end_mark.index));
		return true;
	case YAML_ALIAS_EVENT:
		take_alias(r, event);
		return true;
	case YAML_SCALAR_EVENT:
		take_scalar(r, event);
		return true;
	case YAML_SEQUENCE_START_EVENT:
		return open_collection(r, NODE_SEQ,
				       event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
				       event);
	case YAML_MAPPING_START_EVENT:
		return open_collection(r, NODE_MAP,
				       event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
				       event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		yaml_close(r, yaml_cursor_move(&r->cursor, event->end_mark.index));
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
		break;
	}
	return true;
}

/* Reports why the parser gave up; returns the byte where it did. */
static uint32_t take_error(struct yaml_reader *r, const yaml_parser_t *parser)
{
	if (parser->error == YAML_MEMORY_ERROR)
		out_of_memory();

	struct yaml_fault found = { .problem = parser->problem, .context = parser->context };
	if (parser->error == YAML_READER_ERROR)
		found.at = r->base + (uint32_t)parser->problem_offset;
	else
		found.at = yaml_cursor_move(&r->cursor, parser->problem_mark.index);
	if (found.context)
		found.context_at = yaml_cursor_move(&r->cursor, parser->context_mark.index);
	if (yaml_fault(r))
		yaml_fault_report(r->diags, r->file, &found);
	return found.at;
}

/* Takes events until the text ends (true) or must not be read on (false): then *at is where it stopped. */
static bool run_parser(struct yaml_reader *r, yaml_parser_t *parser, uint32_t *at)
{
	yaml_event_t event;
	for (;;) {
		if (!yaml_parser_parse(parser, &event)) {
			*at = take_error(r, parser);
			return false;
		}
		bool at_end = event.type == YAML_STREAM_END_EVENT;
		bool more = take_event(r, &event);
		if (!more)
			*at = yaml_cursor_move(&r->cursor, event.start_mark.index);
		yaml_event_delete(&event);
		if (at_end || !more)
			return more;
	}
}

/* Reads [from, to) of the file; returns where to go on. After a fault that is the next document. */
static uint32_t read_part(struct yaml_reader *r, uint32_t from, uint32_t to)
{
	struct str text = r->file->text;
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		out_of_memory();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p + from, to - from);
	r->base = from;
	yaml_cursor_jump(&r->cursor, from);

	uint32_t stopped;
	bool complete = run_parser(r, &parser, &stopped);
	yaml_parser_delete(&parser);
	if (complete)
		return to;

	uint32_t next = yaml_text_document(text, stopped > from ? stopped : from + 1);
	yaml_end_document(r, next);
	return r->n_documents > LIMIT_DOCUMENTS ? text.n : next;
}

/* A run of directives is one finding; libyaml never sees it, it is quadratic in them. */
static uint32_t refuse_directives(struct yaml_reader *r, uint32_t at)
{
	struct str text = r->file->text;
	uint32_t end = at;
	while (end < text.n && !is_any(text.p[end], " \t\r\n"))
		end++;
	struct span span = { r->file->id, at, end };
	r->document.at = span;
	if (yaml_fault(r))
		report_directive(r->diags, span, yaml_shown(text_at(r, span)));

	while (at < text.n && text.p[at] == '%') {
		const char *line_end = memchr(text.p + at, '\n', text.n - at);
		at = line_end ? (uint32_t)(line_end - text.p) + 1 : text.n;
	}
	return at;
}

void yaml_read_apart(struct yaml_arenas mem, struct diags *diags, const struct file *file,
		     struct documents *out)
{
	uint32_t at;
	if (!yaml_text_check(diags, file, &at)) {
		struct document document = { .at = { file->id, 0, file->text.n }, .broken = true };
		vec_add(mem.nodes, &out->all, document);
		return;
	}

	struct arena *scratch = arena_new();
	struct yaml_reader r = { .nodes = mem.nodes,
				 .mem = mem.texts,
				 .scratch = scratch,
				 .diags = diags,
				 .file = file,
				 .out = out };
	r.document.at = (struct span){ file->id, at, at };
	r.cursor = yaml_cursor_new(file);
	while (at < file->text.n && !yaml_is_hopeless(&r)) {
		uint32_t directive = yaml_text_directive(file->text, at);

		at = directive == at ? refuse_directives(&r, at) : read_part(&r, at, directive);
	}
	if (r.document.broken)
		yaml_end_document(&r, file->text.n);
	arena_free(scratch);
}

void yaml_read(struct arena *mem, struct diags *diags, const struct file *file,
	       struct documents *out)
{
	yaml_read_apart((struct yaml_arenas){ mem, mem }, diags, file, out);
}
