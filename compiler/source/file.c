/*
 * Texts, and where their lines and characters are.
 *
 * Offsets are bytes everywhere; characters exist only for people and in
 * libyaml's marks, and both conversions are here. Texts that are not ASCII keep
 * a count of characters every 256 bytes, so that a line of megabytes costs no more.
 */
#include "base/base.h"
#include "source/file.h"

#define STRIDE 256u

struct files files_new(struct arena *mem)
{
	return (struct files){ .mem = mem };
}

static bool is_ascii(struct str text)
{
	uint64_t high = 0;
	uint32_t i = 0;

	for (; i + 8 <= text.n; i += 8) {
		uint64_t word;

		memcpy(&word, text.p + i, 8);
		high |= word;
	}
	for (; i < text.n; i++)
		high |= (unsigned char)text.p[i];
	return (high & 0x8080808080808080u) == 0;
}

static uint32_t count_line_ends(struct str text)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static void find_lines(struct arena *mem, struct file *f)
{
	const char *at = f->text.p;
	uint32_t n = 0;

	f->n_lines = count_line_ends(f->text) + 1;
	f->lines = NEW(mem, uint32_t, f->n_lines);
	while (++n < f->n_lines) {
		at = memchr(at, '\n', f->text.n - (size_t)(at - f->text.p));
		f->lines[n] = (uint32_t)(++at - f->text.p);
	}
}

/* The bytes that continue a character do not start one. */
static bool starts_char(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static void count_chars(struct arena *mem, struct file *f)
{
	uint32_t n = 0;

	f->chars = NEW(mem, uint32_t, (size_t)f->text.n / STRIDE + 1);
	for (uint32_t i = 0; i < f->text.n; i++) {
		if (i % STRIDE == 0)
			f->chars[i / STRIDE] = n;
		n += starts_char(f->text.p[i]);
	}
	if (f->text.n % STRIDE == 0)
		f->chars[f->text.n / STRIDE] = n;
}

/* Length of what libyaml takes for a line end at byte i, or 0. */
static uint32_t yaml_break(struct str text, uint32_t i)
{
	struct str rest = str_slice(text, i, text.n);

	if (str_starts(rest, S("\r\n")))
		return 2;
	if (rest.p[0] == '\n' || rest.p[0] == '\r')
		return 1;
	if (str_starts(rest, S("\xc2\x85")))
		return 2;
	if (str_starts(rest, S("\xe2\x80\xa8")) || str_starts(rest, S("\xe2\x80\xa9")))
		return 3;
	return 0;
}

static bool may_break(char c)
{
	return c == '\n' || c == '\r' || c == '\xc2' || c == '\xe2';
}

/* Counts libyaml's lines and writes their starts, if there is where to; `differs` from ours. */
static uint32_t scan_yaml_lines(struct str text, uint32_t *starts, bool *differs)
{
	uint32_t i = str_starts(text, S("\xef\xbb\xbf")) ? 3 : 0, lines = 1;

	*differs = i != 0;
	if (starts)
		starts[0] = i;
	while (i < text.n) {
		uint32_t n = may_break(text.p[i]) ? yaml_break(text, i) : 0;

		i += n ? n : 1;
		if (n == 0)
			continue;
		*differs |= text.p[i - 1] != '\n';
		if (starts)
			starts[lines] = i;
		lines++;
	}
	return lines;
}

static void find_yaml_lines(struct arena *mem, struct file *f)
{
	bool differs;
	uint32_t n;

	if (f->ascii && str_find(f->text, '\r') < 0)
		return;
	n = scan_yaml_lines(f->text, NULL, &differs);
	if (!differs)
		return;
	f->n_yaml_lines = n;
	f->yaml_lines = NEW(mem, uint32_t, n);
	scan_yaml_lines(f->text, f->yaml_lines, &differs);
}

uint32_t files_add(struct files *files, struct str path, struct str text)
{
	struct file *f = vec_push(files->mem, &files->all);

	f->id = files->all.n;
	f->path = path;
	f->text = text;
	f->ascii = is_ascii(text);
	find_lines(files->mem, f);
	if (!f->ascii)
		count_chars(files->mem, f);
	find_yaml_lines(files->mem, f);
	return f->id;
}

const struct file *files_get(const struct files *files, uint32_t id)
{
	if (id == 0 || id > files->all.n)
		BUG("file %" PRIu32 " of %" PRIu32, id, files->all.n);
	return &files->all.at[id - 1];
}

/* Characters before a byte. */
static uint32_t chars_before(const struct file *f, uint32_t offset)
{
	uint32_t n;

	if (f->ascii)
		return offset;
	n = f->chars[offset / STRIDE];
	for (uint32_t i = offset / STRIDE * STRIDE; i < offset; i++)
		n += starts_char(f->text.p[i]);
	return n;
}

/* The last of the ascending values that is not above x; the first one never is. */
static uint32_t find_last(const uint32_t *values, uint32_t n, uint32_t x)
{
	uint32_t low = 0, high = n;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (values[middle] <= x)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Byte where the n-th character starts, or the end. */
static uint32_t byte_of_char(const struct file *f, uint32_t n)
{
	uint32_t stride, i, seen;

	if (f->ascii)
		return n < f->text.n ? n : f->text.n;
	stride = find_last(f->chars, f->text.n / STRIDE + 1, n);
	seen = f->chars[stride];
	for (i = stride * STRIDE; i < f->text.n; i++) {
		if (starts_char(f->text.p[i]) && seen++ == n)
			break;
	}
	return i;
}

struct position file_position(const struct file *f, uint32_t offset)
{
	uint32_t at = offset < f->text.n ? offset : f->text.n;
	uint32_t line = find_last(f->lines, f->n_lines, at);
	uint32_t column = chars_before(f, at) - chars_before(f, f->lines[line]);

	return (struct position){ line + 1, column + 1 };
}

struct str file_line(const struct file *f, uint32_t line)
{
	uint32_t start, end;

	if (line == 0 || line > f->n_lines)
		BUG("line %" PRIu32 " of %.*s", line, STR(f->path));
	start = f->lines[line - 1];
	end = line < f->n_lines ? f->lines[line] - 1 : f->text.n;
	if (line < f->n_lines && end > start && f->text.p[end - 1] == '\r')
		end--;
	return str_slice(f->text, start, end);
}

uint32_t file_offset(const struct file *f, uint32_t line, uint32_t column)
{
	const uint32_t *lines = f->yaml_lines ? f->yaml_lines : f->lines;
	uint32_t n = f->yaml_lines ? f->n_yaml_lines : f->n_lines;

	if (line >= n)
		return f->text.n;
	return byte_of_char(f, chars_before(f, lines[line]) + column);
}
