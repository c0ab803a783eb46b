/*
 * Nodes -> JSON text, through cJSON.
 *
 * Numbers go through as text: cJSON would make doubles of them. Its strings end
 * at a NUL, so text that holds one is spelled here.
 */
#include "base/base.h"

#include "tree/json.h"

#include <cJSON.h>

static cJSON *item_of(struct arena *scratch, const struct node *);

static cJSON *must(cJSON *item)
{
	if (!item)
		out_of_memory();
	return item;
}

static uint32_t count_digits(struct str text, uint32_t from)
{
	uint32_t n = 0;
	while (from + n < text.n && text.p[from + n] >= '0' && text.p[from + n] <= '9')
		n++;
	return n;
}

/*
 * YAML writes decimals more freely than JSON: `+007` is 7, `.5` is 0.5, `1.` is
 * 1.0. false: not a decimal.
 */
static bool json_decimal(struct buf *out, struct str text)
{
	uint32_t i = 0;
	if (text.n && (text.p[0] == '-' || text.p[0] == '+')) {
		if (text.p[0] == '-')
			buf_char(out, '-');
		i++;
	}
	uint32_t whole = count_digits(text, i);
	while (whole > 1 && text.p[i] == '0')
		i++, whole--;
	if (whole)
		buf_put(out, text.p + i, whole);
	else
		buf_char(out, '0');
	i += whole;

	if (i < text.n && text.p[i] == '.') {
		uint32_t fraction = count_digits(text, ++i);
		buf_char(out, '.');
		buf_put(out, text.p + i, fraction);
		if (fraction == 0)
			buf_char(out, '0');
		i += fraction;
	}
	if (i < text.n && (text.p[i] == 'e' || text.p[i] == 'E')) {
		buf_put(out, text.p + i, text.n - i);
		return true;
	}
	return i == text.n;
}

/* 0o17, 0x1f: JSON has decimals only. false: another spelling, or beyond 64 bits. */
static bool json_radix(struct buf *out, struct str text)
{
	static const char digits[] = "0123456789abcdef";
	if (text.n < 3 || text.p[0] != '0' || (text.p[1] != 'o' && text.p[1] != 'x'))
		return false;

	uint64_t radix = text.p[1] == 'o' ? 8 : 16, value = 0;
	for (uint32_t i = 2; i < text.n; i++) {
		char c = text.p[i] >= 'A' && text.p[i] <= 'F' ? (char)(text.p[i] - 'A' + 'a')
							      : text.p[i];
		const char *digit = memchr(digits, c, (size_t)radix);
		if (!digit || value > (UINT64_MAX - 15) / radix)
			return false;
		value = value * radix + (uint64_t)(digit - digits);
	}
	buf_format(out, "%" PRIu64, value);
	return true;
}

static void json_quote(struct buf *out, struct str text)
{
	buf_char(out, '"');
	for (uint32_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c < 0x20) {
			buf_format(out, "\\u%04x", (unsigned)c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		buf_char(out, (char)c);
	}
	buf_char(out, '"');
}

static cJSON *raw_of(struct arena *scratch, const struct buf *text)
{
	return must(cJSON_CreateRaw(str_z(scratch, buf_view(text))));
}

static cJSON *text_of(struct arena *scratch, struct str text)
{
	if (text.n == 0 || !memchr(text.p, '\0', text.n))
		return must(cJSON_CreateString(str_z(scratch, text)));
	struct buf quoted = buf_new(scratch, 0);
	json_quote(&quoted, text);
	return raw_of(scratch, &quoted);
}

static cJSON *number_of(struct arena *scratch, struct str text)
{
	struct buf digits = buf_new(scratch, 0);
	if (json_radix(&digits, text))
		return raw_of(scratch, &digits);
	digits.n = 0;
	if (json_decimal(&digits, text))
		return raw_of(scratch, &digits);
	return text_of(scratch, text);
}

static cJSON *array_of(struct arena *scratch, const struct node *seq)
{
	cJSON *array = must(cJSON_CreateArray());
	for (uint32_t i = 0; i < seq->n; i++)
		cJSON_AddItemToArray(array, item_of(scratch, seq->u.items[i]));
	return array;
}

static cJSON *object_of(struct arena *scratch, const struct node *map)
{
	cJSON *object = must(cJSON_CreateObject());
	for (uint32_t i = 0; i < map->n; i++) {
		const struct pair *pair = &map->u.pairs[i];
		if (!cJSON_AddItemToObject(object, str_z(scratch, pair->key),
					   item_of(scratch, pair->value)))
			out_of_memory();
	}
	return object;
}

static cJSON *item_of(struct arena *scratch, const struct node *node)
{
	switch ((enum node_kind)node->kind) {
	case NODE_NULL:
		return must(cJSON_CreateNull());
	case NODE_BOOL:
		return must(cJSON_CreateBool(str_eq_nocase(node->u.text, S("true"))));
	case NODE_INT:
	case NODE_FLOAT:
		return number_of(scratch, node->u.text);
	case NODE_STRING:
		return text_of(scratch, node->u.text);
	case NODE_SEQ:
		return array_of(scratch, node);
	case NODE_MAP:
		return object_of(scratch, node);
	}
	BUG("node of kind %d", node->kind);
}

void json_write(struct buf *out, const struct node *node, bool pretty)
{
	struct arena *scratch = arena_new();
	cJSON *item = item_of(scratch, node);
	char *text = pretty ? cJSON_Print(item) : cJSON_PrintUnformatted(item);
	cJSON_Delete(item);
	arena_free(scratch);
	if (!text)
		out_of_memory();
	buf_put(out, text, strlen(text));
	cJSON_free(text);
}
