/*
 * The formats of the schemas, each a rule of Kubernetes, HTTP or Istio.
 *
 * The patterns beside the formats in common.schema.json say the same to editors,
 * lengths excepted; a test feeds both one corpus.
 */
#include "base/base.h"

#include "schema/format.h"

#include "base/buf.h"
#include "base/limit.h"

#include <arpa/inet.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_small_name(char c)
{
	return is_small(c) || is_digit(c);
}

static bool is_name(char c)
{
	return is_small_name(c) || is_capital(c);
}

/* Not empty, starts and ends with what `edge` admits; inside also the characters of `inner`. */
static bool is_word(struct str s, bool (*edge)(char), const char *inner, uint32_t limit)
{
	if (!s.n || s.n > limit || !edge(s.p[0]) || !edge(s.p[s.n - 1]))
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		if (!edge(s.p[i]) && (!s.p[i] || !strchr(inner, s.p[i])))
			return false;
	return true;
}

/* Words with dots between them. */
static bool is_dotted(struct str s, bool (*edge)(char))
{
	uint32_t start = 0;

	if (s.n > LIMIT_NAME_BYTES)
		return false;
	for (uint32_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '.')
			continue;
		if (!is_word(str_slice(s, start, i), edge, "-", LIMIT_LABEL_BYTES))
			return false;
		start = i + 1;
	}
	return true;
}

static bool is_dns_label(struct str s)
{
	return is_word(s, is_small_name, "-", LIMIT_LABEL_BYTES);
}

static bool is_dns_subdomain(struct str s)
{
	return is_dotted(s, is_small_name);
}

static bool is_hostname(struct str s)
{
	return is_dotted(s, is_name);
}

static bool is_label_value(struct str s)
{
	return !s.n || is_word(s, is_name, "-_.", LIMIT_LABEL_BYTES);
}

static bool is_label_key(struct str s)
{
	int64_t slash = str_find(s, '/');

	if (slash < 0)
		return s.n && is_label_value(s);
	struct str name = str_slice(s, (uint32_t)slash + 1, s.n);
	return is_dns_subdomain(str_slice(s, 0, (uint32_t)slash)) && name.n && is_label_value(name);
}

/* At most one star: alone, behind a path or before the end of one. */
static bool is_path(struct str s)
{
	uint32_t stars = 0;

	if (!s.n || (s.p[0] != '/' && s.p[0] != '*'))
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		stars += s.p[i] == '*';
	return !stars || (stars == 1 && (s.p[0] == '*' || s.p[s.n - 1] == '*'));
}

static bool is_token(struct str s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!is_name(s.p[i]) && (!s.p[i] || !strchr("!#$%&'*+-.^_`|~", s.p[i])))
			return false;
	return s.n > 0;
}

static bool is_method(struct str s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!is_capital(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n > 0 && is_capital(s.p[0]);
}

static bool is_method_pattern(struct str s)
{
	return str_eq(s, S("*")) || is_method(s);
}

static bool is_ip(int family, struct str s)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr parsed;

	if (s.n == 0 || s.n >= sizeof text)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(family, text, &parsed) == 1;
}

/* What consists of digits and dots only is an address or nothing. */
static bool is_address(struct str s)
{
	bool letters = false;

	if (str_find(s, ':') >= 0)
		return is_ip(AF_INET6, s);
	for (uint32_t i = 0; i < s.n; i++)
		letters |= !is_digit(s.p[i]) && s.p[i] != '.';
	return letters ? is_hostname(s) : is_ip(AF_INET, s);
}

/* An address, or a range of so many leading bits: 10.0.0.0/8 (RFC 4632). */
static bool is_cidr(struct str s)
{
	int64_t slash = str_find(s, '/');
	struct str address = slash < 0 ? s : str_slice(s, 0, (uint32_t)slash);
	struct str bits = slash < 0 ? S("0") : str_slice(s, (uint32_t)slash + 1, s.n);
	uint32_t n = 0, most = str_find(address, ':') < 0 ? 32 : 128;

	if (!is_ip(most == 32 ? AF_INET : AF_INET6, address) || !bits.n || bits.n > 3 ||
	    (bits.n > 1 && bits.p[0] == '0'))
		return false;
	for (uint32_t i = 0; i < bits.n; i++) {
		if (!is_digit(bits.p[i]))
			return false;
		n = n * 10 + (uint32_t)(bits.p[i] - '0');
	}
	return n <= most;
}

static bool is_printed(struct str s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f)
			return false;
	return true;
}

/* What both Argo CD and Flux take; a password or token in it would be published with it. */
static bool is_git_url(struct str s)
{
	int64_t scheme = str_find(s, ':'), slash, at;
	struct str name = str_slice(s, 0, scheme < 0 ? 0 : (uint32_t)scheme), rest, user;

	if (!is_printed(s) || !str_starts(str_slice(s, name.n, s.n), S("://")))
		return false;
	rest = str_slice(s, name.n + 3, s.n);
	slash = str_find(rest, '/');
	if (slash <= 0 || slash + 1 == rest.n)
		return false;
	rest = str_slice(rest, 0, (uint32_t)slash);
	at = str_find(rest, '@');
	user = str_slice(rest, 0, at < 0 ? 0 : (uint32_t)at);
	if (str_eq(name, S("ssh")))
		return at < 0 || (user.n && at + 1 < rest.n && str_find(user, ':') < 0);
	return at < 0 && (str_eq(name, S("https")) || str_eq(name, S("http")));
}

/* Stricter than git: what no shell and no URL needs to quote. */
static bool is_git_branch(struct str s)
{
	if (!is_word(s, is_name, "-_./", LIMIT_NAME_BYTES) || str_ends(s, S(".lock")) ||
	    str_starts(s, S("refs/")))
		return false;
	for (uint32_t i = 1; i < s.n; i++)
		if ((s.p[i] == '.' || s.p[i] == '/') && (s.p[i - 1] == '.' || s.p[i - 1] == '/'))
			return false;
	return true;
}

static const struct {
	bool (*holds)(struct str);
	struct format_words words;
} formats[FORMAT_MAX] = {
	[FORMAT_DNS_LABEL] = { is_dns_label,
			       { "a", "DNS label",
				 "small letters, digits and `-`, at most 63, no `-` at the "
				 "ends" } },
	[FORMAT_DNS_SUBDOMAIN] = { is_dns_subdomain,
				   { "a", "DNS name",
				     "small letters, digits, `-` and `.`, at most 253 "
				     "characters" } },
	[FORMAT_HOSTNAME] = { is_hostname,
			      { "a", "host name",
				"letters, digits, `-` and `.`, at most 253 characters" } },
	[FORMAT_DURATION] = { NULL,
			      { "a", "duration",
				"a duration is written like `5s`, `1.5s`, `100ms` or `1h2m`" } },
	[FORMAT_PERCENT] = { NULL,
			     { "a", "percentage",
			       "a percentage is written like `50` or `0.5`, without `%`" } },
	[FORMAT_RATIO] = { NULL, { "a", "ratio", "a ratio is written like `0.1`" } },
	[FORMAT_PORT] = { NULL,
			  { "a", "port number", "a port number is written in decimal digits" } },
	[FORMAT_PATH] = { is_path,
			  { "a", "path",
			    "a path starts with `/`; one `*` may stand at its end, or at its start "
			    "instead" } },
	[FORMAT_HTTP_HEADER] = { is_token,
				 { "a", "header name", "letters, digits and `-`, without `:`" } },
	[FORMAT_HTTP_METHOD] = { is_method,
				 { "an", "HTTP method",
				   "methods are written in capital letters, like `GET`" } },
	[FORMAT_HTTP_METHOD_PATTERN] = { is_method_pattern,
					 { "an", "HTTP method",
					   "methods are written in capital letters, like `GET`" } },
	[FORMAT_LABEL_KEY] = { is_label_key,
			       { "a", "label key",
				 "letters, digits, `-`, `_` and `.`, at most 63, and a DNS name "
				 "with `/` before it" } },
	[FORMAT_LABEL_VALUE] = { is_label_value,
				 { "a", "label value",
				   "letters, digits, `-`, `_` and `.`, at most 63" } },
	[FORMAT_ADDRESS] = { is_address,
			     { "an", "address", "an IPv4 or IPv6 address, or a host name" } },
	[FORMAT_CIDR] = { is_cidr,
			  { "an", "address or range", "a range is written like `10.0.0.0/8`" } },
	[FORMAT_GIT_URL] = { is_git_url,
			     { "a", "repository URL",
			       "`https://`, `http://` or `ssh://`, a host and a path; no "
			       "password" } },
	[FORMAT_GIT_BRANCH] = { is_git_branch,
				{ "a", "branch",
				  "letters, digits, `-`, `_`, `.` and `/`, without "
				  "`refs/heads/`" } },
	[FORMAT_NONE] = { NULL,
			  { "a", "whole number", "whole numbers are written in decimal digits" } },
};

bool format_holds(enum format format, struct str s)
{
	return !formats[format].holds || formats[format].holds(s);
}

const struct format_words *format_words(enum format format)
{
	return &formats[format].words;
}

/* v / 10^decimals without trailing zeros. */
static struct str decimal_text(struct arena *mem, int64_t v, uint32_t decimals, const char *unit)
{
	struct buf b = buf_new(mem, 0);
	int64_t one = 1;

	for (uint32_t i = 0; i < decimals; i++)
		one *= 10;
	buf_int(&b, v / one);
	int64_t rest = v % one;
	if (rest < 0)
		rest = -rest;
	if (rest)
		buf_char(&b, '.');
	while (rest) {
		one /= 10;
		buf_char(&b, (char)('0' + rest / one));
		rest %= one;
	}
	buf_str(&b, str_of(unit));
	return buf_view(&b);
}

struct str format_number(struct arena *mem, enum format format, int64_t v)
{
	if (format == FORMAT_DURATION)
		return v && v < 1000000000 ? decimal_text(mem, v, 6, "ms")
					   : decimal_text(mem, v, 9, "s");
	if (format == FORMAT_PERCENT)
		return decimal_text(mem, v, 4, "");
	return decimal_text(mem, v, format == FORMAT_RATIO ? 6 : 0, "");
}
