/*
 * Building a JSON document. The writer is tree/json.c; here is only what makes
 * calls short and text sound.
 */
#include "base/base.h"
#include "report/doc.h"

#include "tree/json.h"
#include "tree/yaml.h"

static const struct span nowhere = { 0 };

/* Length of the UTF-8 character at p, 0: there is none. */
static uint32_t character_length(const unsigned char *p, uint32_t n)
{
	uint32_t length = p[0] < 0x80   ? 1
			  : p[0] < 0xc2 ? 0
			  : p[0] < 0xe0 ? 2
			  : p[0] < 0xf0 ? 3
			  : p[0] < 0xf5 ? 4
					: 0;

	if (length > n)
		return 0;
	for (uint32_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))
		return 0;
	if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return length;
}

static struct str sound_text(struct arena *mem, struct str text)
{
	struct buf b = buf_new(mem, 0);

	for (uint32_t i = 0; i < text.n;) {
		uint32_t n = character_length((const unsigned char *)text.p + i, text.n - i);

		if (n)
			buf_put(&b, text.p + i, n);
		else
			buf_lit(&b, "\xef\xbf\xbd");
		i += n ? n : 1;
	}
	return buf_view(&b);
}

struct doc doc_new(struct arena *mem)
{
	return (struct doc){ mem, node_map(mem, nowhere) };
}

struct doc doc_new_list(struct arena *mem)
{
	return (struct doc){ mem, node_seq(mem, nowhere) };
}

static struct doc put(struct doc t, const char *key, struct node *value)
{
	node_put(t.mem, t.node, str_of(key), value);
	return (struct doc){ t.mem, value };
}

struct doc doc_map(struct doc t, const char *key)
{
	return put(t, key, node_map(t.mem, nowhere));
}

struct doc doc_list(struct doc t, const char *key)
{
	return put(t, key, node_seq(t.mem, nowhere));
}

struct doc doc_item(struct doc list)
{
	struct doc item = doc_new(list.mem);

	node_add(list.mem, list.node, item.node);
	return item;
}

void doc_text(struct doc t, const char *key, struct str text)
{
	put(t, key, node_string(t.mem, sound_text(t.mem, text), nowhere));
}

void doc_add_text(struct doc list, struct str text)
{
	node_add(list.mem, list.node, node_string(list.mem, sound_text(list.mem, text), nowhere));
}

void doc_int(struct doc t, const char *key, int64_t n)
{
	put(t, key, node_int(t.mem, n, nowhere));
}

void doc_add_int(struct doc list, int64_t n)
{
	node_add(list.mem, list.node, node_int(list.mem, n, nowhere));
}

void doc_bool(struct doc t, const char *key, bool value)
{
	put(t, key, node_bool(t.mem, value, nowhere));
}

/* `##[` is a command to the runner of GitHub Actions wherever it stands; outside of strings JSON has none. */
static void put_harmless(struct buf *out, struct str json)
{
	for (uint32_t i = 0; i < json.n; i++) {
		if (json.p[i] == '[' && i >= 2 && json.p[i - 1] == '#' && json.p[i - 2] == '#')
			buf_lit(out, "\\u005b");
		else
			buf_char(out, json.p[i]);
	}
}

void doc_tree(struct doc t, const char *key, struct node *tree)
{
	put(t, key, tree);
}

void doc_write(struct doc t, struct buf *out)
{
	struct buf json = buf_new(t.mem, 0);

	json_write(&json, t.node, true);
	put_harmless(out, buf_view(&json));
	buf_char(out, '\n');
}

void doc_write_yaml(struct doc t, struct buf *out)
{
	yaml_write(out, t.node);
}
