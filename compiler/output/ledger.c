/*
 * The index of a cluster's folder, written and read back; see the header.
 *
 * Whoever edits it by hand changes what meshc may delete, so reading is strict:
 * what is not exactly a line of ours stops the run.
 */
#include "base/base.h"
#include "output/ledger.h"

#include "git/blob.h"
#include "output/local.h"

#define HEADER "# meshc index 1: path, kind.group, namespace/name, git blob id, declarations\n"

enum { FIELDS = 5 };

static bool is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != '%' && c != ',' && c != '/';
}

static void put_word(struct buf *out, struct str text)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t from = 0;

	for (uint32_t i = 0; i < text.n; i++) {
		unsigned char byte = (unsigned char)text.p[i];

		if (is_plain(text.p[i]))
			continue;
		buf_put(out, text.p + from, i - from);
		buf_char(out, '%');
		buf_char(out, hex[byte >> 4]);
		buf_char(out, hex[byte & 15]);
		from = i + 1;
	}
	buf_put(out, text.p + from, text.n - from);
}

static void put_sources(struct buf *out, const struct object *object)
{
	if (!object->sources.n)
		buf_char(out, '-');
	for (uint32_t i = 0; i < object->sources.n; i++) {
		const struct resource *source = object->sources.at[i];

		if (i)
			buf_char(out, ',');
		put_word(out, str_of(kind_row(source->kind)->name));
		buf_char(out, '/');
		put_word(out, source->space);
		buf_char(out, '/');
		put_word(out, source->name);
	}
}

static void put_row(struct buf *out, struct str folder, const struct output_file *file)
{
	const struct object_key *key = &file->object->key;

	buf_str(out, str_slice(file->path, folder.n, file->path.n));
	buf_char(out, '\t');
	put_word(out, key->kind);
	if (key->group.n)
		buf_char(out, '.');
	put_word(out, key->group);
	buf_char(out, '\t');
	put_word(out, key->space);
	buf_char(out, '/');
	put_word(out, key->name);
	buf_char(out, '\t');
	buf_str(out, str_of(file->digest.hex));
	buf_char(out, '\t');
	put_sources(out, file->object);
	buf_char(out, '\n');
}

void ledger_write(struct buf *out, struct str folder, const struct output_file *files, uint32_t n)
{
	buf_lit(out, HEADER);
	for (uint32_t i = 0; i < n; i++)
		put_row(out, folder, &files[i]);
}

/* Cuts the text up to the separator off its front. false: there is none. */
static bool cut(struct str *text, char separator, struct str *out)
{
	int64_t end = str_find(*text, separator);

	if (end < 0)
		return false;
	*out = str_slice(*text, 0, (uint32_t)end);
	*text = str_slice(*text, (uint32_t)end + 1, text->n);
	return true;
}

static bool is_safe_part(struct str part)
{
	for (uint32_t i = 0; i < part.n; i++)
		if (part.p[i] <= ' ' || part.p[i] >= 0x7f || part.p[i] == '\\')
			return false;
	return part.n && part.p[0] != '.' && !str_eq(part, S(LEDGER_NAME));
}

static bool is_safe_path(struct str path)
{
	struct str part;

	while (cut(&path, '/', &part))
		if (!is_safe_part(part))
			return false;
	return is_safe_part(path);
}

static bool is_digest(struct str s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr("0123456789abcdef", s.p[i]))
			return false;
	return s.n == BLOB_HEX;
}

/* NULL: it is a line of ours. */
static const char *read_row(struct str line, struct ledger_row *out)
{
	struct str *fields[FIELDS - 1] = { &out->path, &out->kind, &out->name, &out->digest };

	for (size_t i = 0; i < countof(fields); i++)
		if (!cut(&line, '\t', fields[i]))
			return "fields are missing";
	out->sources = line;
	if (str_find(line, '\t') >= 0)
		return "it has too many fields";
	if (!is_safe_path(out->path))
		return "the path leaves its folder or is none of meshc's";
	if (!out->kind.n || !out->name.n || !line.n)
		return "a field is empty";
	return is_digest(out->digest) ? NULL : "the blob id is not one";
}

static bool refuse(struct diags *d, struct str path, struct str why)
{
	struct finding *f = report_index_damaged(d, (struct span){ 0 }, path, why);

	help(f, "take the file from the last good commit, or remove its folder and build again");
	return false;
}

bool ledger_read(struct arena *mem, struct diags *d, struct str path, struct str text,
		 struct ledger *out)
{
	const struct ledger_row *last = NULL;
	struct str line;

	*out = (struct ledger){ 0 };
	if (!str_starts(text, S(HEADER)))
		return refuse(d, path, S("its first line is not that of an index of this version"));
	text = str_slice(text, sizeof HEADER - 1, text.n);
	for (uint32_t number = 2; text.n; number++) {
		struct ledger_row row = { 0 };
		const char *why =
			cut(&text, '\n', &line) ? read_row(line, &row) : "it ends in the middle";

		if (!why && last && str_cmp(last->path, row.path) >= 0)
			why = "it is out of order";
		if (why)
			return refuse(d, path,
				      str_format(d->mem, "line %" PRIu32 ": %s", number, why));
		vec_add(mem, &out->all, row);
		last = &out->all.at[out->all.n - 1];
	}
	return true;
}

const struct ledger_row *ledger_find(const struct ledger *l, struct str path)
{
	uint32_t from = 0, to = l->all.n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = str_cmp(l->all.at[middle].path, path);

		if (!order)
			return &l->all.at[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
