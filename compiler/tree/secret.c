/*
 * What looks like a secret is not shown: by the name of its field, or by itself.
 *
 * The compiler emits no secrets; what stands here is for those that somebody wrote
 * where none belongs, a token in a header for example.
 */
#include "base/base.h"
#include "tree/secret.h"

#include "base/buf.h"

#define HIDDEN "(hidden)"
#define TOKEN_BYTES 24u /* shorter words may be anything */

static const char *const secret_names[] = {
	"password",   "passwd",       "token",         "secretKey",           "privateKey",
	"apiKey",     "clientSecret", "authorization", "x-api-key",           "tls.key",
	"cookie",     "set-cookie",   "accessKey",     "accessToken",         "refreshToken",
	"stringData", "signingKey",   "x-auth-token",  "credential",          "credentials",
	"secret-key", "private-key",  "api-key",       "proxy-authorization",
};

bool secret_name(struct str name)
{
	for (size_t i = 0; i < countof(secret_names); i++)
		if (str_eq_nocase(name, str_of(secret_names[i])))
			return true;
	return false;
}

/* Any part of spec.http[name=x].headers.request.set.authorization */
bool secret_path(struct str path)
{
	uint32_t from = 0;

	for (uint32_t i = 0; i <= path.n; i++) {
		if (i < path.n && !strchr(".[]=", path.p[i]))
			continue;
		if (secret_name(str_slice(path, from, i)))
			return true;
		from = i + 1;
	}
	return false;
}

enum letter { LETTER_NONE, LETTER_LOWER, LETTER_UPPER, LETTER_DIGIT, LETTER_OTHER };

static enum letter letter_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LETTER_LOWER;
	if (c >= 'A' && c <= 'Z')
		return LETTER_UPPER;
	if (c >= '0' && c <= '9')
		return LETTER_DIGIT;
	return c == '+' || c == '/' || c == '=' || c == '_' || c == '-' ? LETTER_OTHER
									: LETTER_NONE;
}

/* One letter after another of another sort, and nothing between them that parts words. */
static bool is_turn(enum letter a, enum letter b)
{
	return a != b && a != LETTER_OTHER && b != LETTER_OTHER;
}

/* Small and capital letters and digits in turn, as chance puts them; no name looks so. */
static bool is_random(struct str word)
{
	uint32_t turns = 0, seen = 0;

	for (uint32_t i = 0; i < word.n; i++) {
		seen |= 1u << letter_of(word.p[i]);
		turns += i && is_turn(letter_of(word.p[i - 1]), letter_of(word.p[i]));
	}
	return word.n >= TOKEN_BYTES && turns * 3 >= word.n && (seen & 14) == 14;
}

static bool names_scheme(struct str before)
{
	static const char *const schemes[] = { "Bearer ", "Basic " };

	for (size_t i = 0; i < countof(schemes); i++)
		if (str_ends(before, str_of(schemes[i])))
			return true;
	return false;
}

static bool is_key_block(struct str text)
{
	for (uint32_t i = 0; i < text.n; i++)
		if (str_starts(str_slice(text, i, text.n), S("-----BEGIN ")))
			return true;
	return false;
}

struct str secret_hidden(struct arena *mem, struct str text)
{
	struct buf out = buf_new(mem, 0);
	uint32_t done = 0;

	if (is_key_block(text))
		return S(HIDDEN);
	for (uint32_t i = 0; i < text.n;) {
		uint32_t from = i;

		while (i < text.n && letter_of(text.p[i]))
			i++;
		if (is_random(str_slice(text, from, i)) ||
		    (i - from > 4 && names_scheme(str_slice(text, 0, from)))) {
			buf_put(&out, text.p + done, from - done);
			buf_lit(&out, HIDDEN);
			done = i;
		}
		i += i == from;
	}
	if (!done)
		return text;
	buf_put(&out, text.p + done, text.n - done);
	return buf_view(&out);
}

/* The value, or what it is an item of, has such a name; or its key says so: {name: authorization, value: x}. */
static bool is_named_secret(const struct node *map, struct str key)
{
	const struct node *name = node_get(map, S("name"));

	return secret_name(key) || (str_eq(key, S("value")) && name && name->kind == NODE_STRING &&
				    secret_name(name->u.text));
}

static struct node *copy(struct arena *mem, const struct node *n, bool secret)
{
	struct span nowhere = { 0 };
	struct node *out;

	if (n->kind == NODE_MAP) {
		out = node_map(mem, nowhere);
		for (uint32_t i = 0; i < n->n; i++)
			node_put(mem, out, n->u.pairs[i].key,
				 copy(mem, n->u.pairs[i].value,
				      secret || is_named_secret(n, n->u.pairs[i].key)));
		return out;
	}
	if (n->kind == NODE_SEQ) {
		out = node_seq(mem, nowhere);
		for (uint32_t i = 0; i < n->n; i++)
			node_add(mem, out, copy(mem, n->u.items[i], secret));
		return out;
	}
	if (secret)
		return node_string(mem, S(HIDDEN), nowhere);
	out = node_copy(mem, n);
	if (n->kind == NODE_STRING)
		out->u.text = secret_hidden(mem, n->u.text);
	return out;
}

struct node *secret_copy(struct arena *mem, struct str path, const struct node *n)
{
	return copy(mem, n, secret_path(path));
}

/* "  - authorization: Bearer abc" -> "  - authorization: (hidden)" */
struct str secret_line(struct arena *mem, struct str line)
{
	uint32_t from = 0, to;

	while (from < line.n && (line.p[from] == ' ' || line.p[from] == '-'))
		from++;
	for (to = from; to < line.n && line.p[to] != ':' && line.p[to] != '\n'; to++)
		;
	if (to + 2 < line.n && line.p[to + 1] == ' ' && secret_name(str_slice(line, from, to)))
		return str_join(mem, str_slice(line, 0, to + 2), S(HIDDEN),
				str_ends(line, S("\n")) ? S("\n") : S(""));
	return secret_hidden(mem, line);
}
