/*
 * Nodes -> YAML as kubectl and istioctl print it:
 *
 *	hosts:
 *	- name: a
 *	  weight: 1
 *
 * One spelling per value. Text is bare only if no reader, old or new, could
 * take it for anything else; otherwise it stands in double quotes on one line.
 */
#include "base/base.h"

#include "tree/yaml.h"

#include "tree/local.h"

enum {
	INDENT = 2,
	SIMPLE_KEY_MAX = 1000, /* bytes written: readers give up after 1024 */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_bare_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '/' ||
	       c == '-';
}

static bool is_bare(struct str text)
{
	if (text.n == 0 || !is_letter(text.p[0]))
		return false;
	for (uint32_t i = 1; i < text.n; i++) {
		if (!is_bare_byte(text.p[i]))
			return false;
	}
	return yaml_plain_is_safe(text);
}

/* Line breaks and byte order marks of some YAML version, and what no reader takes raw. */
static bool must_escape(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
		return true;
	return code == 0x2028 || code == 0x2029 || code == 0xfeff || code == 0xfffe ||
	       code == 0xffff;
}

static void write_escape(struct buf *out, uint32_t code)
{
	switch (code) {
	case '\n':
		buf_lit(out, "\\n");
		return;
	case '\t':
		buf_lit(out, "\\t");
		return;
	case '\r':
		buf_lit(out, "\\r");
		return;
	default:
		buf_format(out, code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
	}
}

static void write_quoted(struct buf *out, struct str text)
{
	buf_char(out, '"');
	for (uint32_t i = 0; i < text.n;) {
		uint32_t code;
		uint32_t length = utf8_decode(text.p + i, text.n - i, &code);
		if (length == 0)
			BUG("text to write is not UTF-8");
		if (code == '"' || code == '\\')
			buf_char(out, '\\');
		if (must_escape(code))
			write_escape(out, code);
		else
			buf_put(out, text.p + i, length);
		i += length;
	}
	buf_char(out, '"');
}

static void write_text(struct buf *out, struct str text)
{
	if (is_bare(text))
		buf_str(out, text);
	else
		write_quoted(out, text);
}

static void write_scalar(struct buf *out, const struct node *node)
{
	switch ((enum node_kind)node->kind) {
	case NODE_NULL:
		buf_lit(out, "null");
		return;
	case NODE_BOOL:
	case NODE_INT:
	case NODE_FLOAT:
		buf_str(out, node->u.text);
		return;
	case NODE_STRING:
		write_text(out, node->u.text);
		return;
	case NODE_SEQ:
		buf_lit(out, "[]");
		return;
	case NODE_MAP:
		buf_lit(out, "{}");
		return;
	}
}

static bool is_block(const struct node *node)
{
	return (node->kind == NODE_SEQ || node->kind == NODE_MAP) && node->n > 0;
}

/* A key too long to be one at sight gets its question mark: `? "..."`, and the colon on the next line. */
static void write_key(struct buf *out, struct str key, size_t indent)
{
	size_t start = out->n;
	write_text(out, key);
	if (out->overflow || out->n - start <= SIMPLE_KEY_MAX)
		return;

	out->n = start;
	buf_lit(out, "? ");
	write_text(out, key);
	buf_char(out, '\n');
	buf_fill(out, ' ', indent);
}

static void write_seq(struct buf *out, const struct node *seq, size_t indent);

/* Lines of the map at the indent; the cursor already stands there. */
static void write_map(struct buf *out, const struct node *map, size_t indent)
{
	for (uint32_t i = 0; i < map->n; i++) {
		const struct pair *pair = &map->u.pairs[i];
		if (i > 0)
			buf_fill(out, ' ', indent);
		write_key(out, pair->key, indent);
		buf_char(out, ':');
		if (!is_block(pair->value)) {
			buf_char(out, ' ');
			write_scalar(out, pair->value);
			buf_char(out, '\n');
			continue;
		}
		bool is_map = pair->value->kind == NODE_MAP;
		size_t deeper = is_map ? indent + INDENT : indent;
		buf_char(out, '\n');
		buf_fill(out, ' ', deeper);
		(is_map ? write_map : write_seq)(out, pair->value, deeper);
	}
}

static void write_seq(struct buf *out, const struct node *seq, size_t indent)
{
	for (uint32_t i = 0; i < seq->n; i++) {
		const struct node *item = seq->u.items[i];
		if (i > 0)
			buf_fill(out, ' ', indent);
		buf_lit(out, "- ");
		if (!is_block(item)) {
			write_scalar(out, item);
			buf_char(out, '\n');
			continue;
		}
		(item->kind == NODE_MAP ? write_map : write_seq)(out, item, indent + INDENT);
	}
}

void yaml_write(struct buf *out, const struct node *node)
{
	if (is_block(node)) {
		(node->kind == NODE_MAP ? write_map : write_seq)(out, node, 0);
		return;
	}
	write_scalar(out, node);
	buf_char(out, '\n');
}
