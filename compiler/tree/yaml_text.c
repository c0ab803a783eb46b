/*
 * What must hold for the bytes of a file before libyaml sees them: UTF-8, no
 * byte order mark, no control characters; and where its special lines are.
 *
 * libyaml would read UTF-16 in silence and is quadratic in directives, so both
 * are found here. One fault per file: what follows wrong bytes is noise.
 */
#include "base/base.h"

#include "tree/local.h"

enum { CHUNK = 64 };

uint32_t utf8_decode(const char *p, size_t n, uint32_t *code)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)p;
	if (n == 0)
		return 0;
	*code = bytes[0];
	if (bytes[0] < 0x80)
		return 1;
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4)
		return 0;

	uint32_t length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	if (n < length)
		return 0;
	*code = bytes[0] & (0xffu >> (length + 1));
	for (uint32_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
	return *code < smallest[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

/* No branch in the loop: the compiler turns it into vector instructions. */
static bool is_plain_ascii(const char *p, uint32_t n)
{
	unsigned odd = 0;
	for (uint32_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		unsigned control = (unsigned)(c < 0x20) & (unsigned)(c != '\t') &
				   (unsigned)(c != '\n') & (unsigned)(c != '\r');
		odd |= control | (unsigned)(c >= 0x7f);
	}
	return odd == 0;
}

/* A byte order mark inside a text and U+FFFE, U+FFFF are no characters to libyaml either. */
static bool is_control(uint32_t code)
{
	if (code < 0x20)
		return code != '\t' && code != '\n' && code != '\r';
	return (code >= 0x7f && code <= 0x9f) || code == 0xfeff || code == 0xfffe || code == 0xffff;
}

static bool looks_like_utf16(struct str text)
{
	if (str_starts(text, S("\xff\xfe")) || str_starts(text, S("\xfe\xff")))
		return true;
	return text.n >= 2 && (text.p[0] == '\0') != (text.p[1] == '\0');
}

static void help_utf16(struct finding *f, struct str text)
{
	if (looks_like_utf16(text))
		help(f, "it looks like UTF-16: save it as UTF-8");
}

/* Length of the good character at the offset; 0: reported. */
static uint32_t check_character(struct diags *diags, const struct file *file, uint32_t at)
{
	uint32_t code;
	uint32_t length = utf8_decode(file->text.p + at, file->text.n - at, &code);
	if (length == 0) {
		struct finding *f = report_not_utf8(diags, (struct span){ file->id, at, at + 1 });
		help_utf16(f, file->text);
		return 0;
	}

	struct span span = { file->id, at, at + length };
	if (code == 0) {
		help_utf16(report_nul_byte(diags, span), file->text);
		return 0;
	}
	if (is_control(code)) {
		char name[16];
		int n = snprintf(name, sizeof name, "U+%04X", (unsigned)code);
		report_control_character(diags, span, (struct str){ name, (uint32_t)n });
		return 0;
	}
	return length;
}

static uint32_t skip_byte_order_mark(struct diags *diags, const struct file *file)
{
	if (!str_starts(file->text, S("\xef\xbb\xbf")))
		return 0;

	struct span span = { file->id, 0, 3 };
	struct finding *f = report_byte_order_mark(diags, span);
	help(f, "save it as UTF-8 without a byte order mark");
	fix(f, span, (struct str){ 0 });
	return 3;
}

bool yaml_text_check(struct diags *diags, const struct file *file, uint32_t *begin)
{
	struct str text = file->text;
	*begin = skip_byte_order_mark(diags, file);

	for (uint32_t at = *begin; at < text.n;) {
		uint32_t end = text.n - at < CHUNK ? text.n : at + CHUNK;
		if (is_plain_ascii(text.p + at, end - at)) {
			at = end;
			continue;
		}
		while (at < end) {
			uint32_t length = check_character(diags, file, at);
			if (length == 0)
				return false;
			at += length;
		}
	}
	return true;
}

/* Lines as libyaml sees them: LF, CR, U+2028 and U+2029 end one. */
static bool is_line_start(struct str text, uint32_t at)
{
	if (at == 0 || text.p[at - 1] == '\n' || text.p[at - 1] == '\r')
		return true;
	struct str before = str_slice(text, 0, at);
	return str_ends(before, S("\xe2\x80\xa8")) || str_ends(before, S("\xe2\x80\xa9"));
}

static bool is_document_marker(struct str line)
{
	return str_starts(line, S("---")) && (line.n == 3 || strchr(" \t\r\n", line.p[3]));
}

uint32_t yaml_text_directive(struct str text, uint32_t from)
{
	while (from < text.n) {
		const char *found = memchr(text.p + from, '%', text.n - from);
		if (!found)
			break;
		uint32_t at = (uint32_t)(found - text.p);
		if (is_line_start(text, at))
			return at;
		from = at + 1;
	}
	return text.n;
}

uint32_t yaml_text_document(struct str text, uint32_t from)
{
	while (from < text.n) {
		if (is_line_start(text, from) && is_document_marker(str_slice(text, from, text.n)))
			return from;
		const char *found = memchr(text.p + from, '\n', text.n - from);
		if (!found)
			break;
		from = (uint32_t)(found - text.p) + 1;
	}
	return text.n;
}
