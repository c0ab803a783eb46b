/*
 * See grow.h. Texts are names of the fleet of fuzz.h, values of each format, or the bytes themselves.
 */
#include "base/base.h"

#include "fuzz/grow.h"

#include "base/buf.h"

static const struct span nowhere;

/* clang-format off */
static const char *const names[] = {
	"shop", "api", "web", "cart", "db", "c1", "c2", "l1", "front", "linkerd", "istio-system", "gloo-mesh", "eastwest",
	"istiod-istio-system-c1", "istiod-istio-system-c2", "linkerd-linkerd-l1", "*", "", "v1", "v2", "app", "version",
	"default", "http", "tls", "nobody",
};
static const char *const values[FORMAT_MAX][6] = {
	[FORMAT_NONE] = { "true", "1", "on", "/", "x-header", "a.b" },
	[FORMAT_DURATION] = { "1s", "0s", "1.5s", "500ms", "9999999h", "-1s" },
	[FORMAT_PERCENT] = { "50", "0", "100", "33.34", "101", "1e2" },
	[FORMAT_PORT] = { "80", "8080", "9000", "0", "65535", "65536" },
	[FORMAT_PATH] = { "/", "/a", "/a/", "/a/b", "", "/%2f" },
	[FORMAT_HTTP_HEADER] = { "x-a", "X-A", ":path", "host", "cookie", "a b" },
	[FORMAT_HTTP_METHOD] = { "GET", "POST", "DELETE", "get", "*", "" },
	[FORMAT_HTTP_METHOD_PATTERN] = { "GET", "*", "P*", "*T", "get", "" },
	[FORMAT_HOSTNAME] = { "a.example", "*.a.example", "a", "*", "10.0.0.1", "a..b" },
	[FORMAT_ADDRESS] = { "10.0.0.1", "::1", "0.0.0.0", "240.0.0.1", "1.2.3", "a" },
	[FORMAT_CIDR] = { "10.0.0.0/8", "10.0.0.1/32", "::/0", "0.0.0.0/0", "10.0.0.1/33", "a" },
	[FORMAT_REGEX] = { ".*", "/a(b|c)*", "[a-z]+", "(", "a{1,1000}", "\\p{L}" },
	[FORMAT_RATIO] = { "0.5", "0", "1", "2", "1e-3", "x" },
	[FORMAT_LABEL_KEY] = { "app", "version", "a/b", "istio", "", "A" },
	[FORMAT_LABEL_VALUE] = { "api", "web", "v1", "v2", "", "-" },
	[FORMAT_GIT_URL] = { "https://example.com/a.git", "file:///tmp/a", "ext::sh", "../a", "", "-u" },
	[FORMAT_GIT_BRANCH] = { "main", "a/b", "-b", "a..b", "", "@" },
};
/* clang-format on */

struct grow grow_new(struct arena *mem, const uint8_t *bytes, size_t n)
{
	return (struct grow){ .mem = mem, .p = bytes, .n = n, .room = 20000 };
}

uint8_t grow_byte(struct grow *g)
{
	if (!g->n)
		return 0;
	g->n--;
	return *g->p++;
}

/* A byte is a character of Latin-1: texts are UTF-8 when they get here. */
static struct str own_text(struct grow *g)
{
	struct buf out = buf_new(g->mem, 0);

	for (uint32_t n = grow_byte(g) % 32u; n > 0; n--) {
		uint8_t b = grow_byte(g);

		if (b >= 0x80)
			buf_char(&out, (char)(0xc0 | b >> 6));
		buf_char(&out, (char)(b >= 0x80 ? 0x80 | (b & 0x3f) : b));
	}
	return buf_view(&out);
}

static struct str text(struct grow *g, enum format format)
{
	uint8_t b = grow_byte(g);

	if (b >= 0xf0)
		return own_text(g);
	if (b >= 0x80 && values[format][0])
		return str_of(values[format][b % countof(values[0])]);
	return str_of(names[b % countof(names)]);
}

static struct node *number(struct grow *g, const struct shape_field *field)
{
	uint8_t b = grow_byte(g);

	switch (b % 8) {
	case 0:
		return node_int(g->mem, field->has_minimum ? field->minimum : 0, nowhere);
	case 1:
		return node_int(g->mem, field->has_maximum ? field->maximum : INT64_MAX, nowhere);
	case 2:
		return node_int(g->mem, INT64_MIN, nowhere);
	case 3:
	case 4:
		return node_int(g->mem, b / 8, nowhere);
	case 5:
		return node_int(g->mem, 80 * (b / 8), nowhere);
	default:
		return node_string(g->mem, text(g, field->format), nowhere);
	}
}

static struct node *value(struct grow *g, const struct shape_field *field);

static struct node *list(struct grow *g, const struct shape_field *field)
{
	struct node *out = node_seq(g->mem, nowhere);

	for (uint32_t n = grow_byte(g) % 8u; n > 0; n--) {
		if (field->type == FIELD_OBJECTS)
			node_add(g->mem, out, grow_object(g, field->shape));
		else if (field->type == FIELD_NUMBERS)
			node_add(g->mem, out, number(g, field));
		else
			node_add(g->mem, out, node_string(g->mem, text(g, field->format), nowhere));
	}
	return out;
}

static void put_once(struct grow *g, struct node *map, struct str key, struct node *node)
{
	if (!node_get(map, key))
		node_put(g->mem, map, key, node);
}

static struct node *texts(struct grow *g)
{
	struct node *out = node_map(g->mem, nowhere);

	for (uint32_t n = grow_byte(g) % 4u; n > 0; n--)
		put_once(g, out, text(g, FORMAT_LABEL_KEY),
			 node_string(g->mem, text(g, FORMAT_LABEL_VALUE), nowhere));
	return out;
}

static struct node *anything(struct grow *g)
{
	uint8_t b = grow_byte(g);

	if (b & 1)
		return texts(g);
	return b & 2 ? node_seq(g->mem, nowhere)
		     : node_string(g->mem, text(g, FORMAT_NONE), nowhere);
}

static struct node *value(struct grow *g, const struct shape_field *field)
{
	uint8_t b;

	switch (field->type) {
	case FIELD_TEXT:
		return node_string(g->mem, text(g, field->format), nowhere);
	case FIELD_NUMBER:
		return number(g, field);
	case FIELD_FLAG:
		return node_bool(g->mem, grow_byte(g) & 1, nowhere);
	case FIELD_CHOICE:
		b = grow_byte(g);
		return node_string(g->mem, str_of(field->choices->values[b % field->choices->n]),
				   nowhere);
	case FIELD_OBJECT:
		return grow_object(g, field->shape);
	case FIELD_TEXTS:
	case FIELD_NUMBERS:
	case FIELD_OBJECTS:
		return list(g, field);
	case FIELD_TEXT_MAP:
		return texts(g);
	case FIELD_NODE:
	case FIELD_IGNORED:
	case FIELD_LATER:
		return anything(g);
	}
	return NULL;
}

/* A byte names the next field; 0 ends the object, and so does the last byte. */
struct node *grow_object(struct grow *g, const struct shape *shape)
{
	struct node *out = node_map(g->mem, nowhere);
	uint8_t b;

	while (g->room && (b = grow_byte(g)) != 0) {
		const struct shape_field *field;

		g->room--;
		if (!shape->n_fields)
			continue;
		field = &shape->fields[(b - 1) % shape->n_fields];
		put_once(g, out, str_of(field->name), value(g, field));
	}
	return out;
}
