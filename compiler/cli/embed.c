/*
 * Host tool that makes tables of files.
 *
 * embed catalogue FINDINGS OUT.c: golden/findings/MSHnnnn/{explain.md, bad/, good/}
 * -> the table of cli/catalogue.h, sorted by number.
 * embed scaffold FOLDER OUT.c: all files of examples/init/ -> the table of cli/scaffold.h.
 *
 * What it writes depends on names and bytes only, never on the order of a folder.
 * A folder that is not there is an empty table.
 */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/vec.h"

#define SHOWN_BYTES 4096u  /* of a file; the examples of limits are large */
#define SHOWN_OF_LINE 160u /* of a first line that is longer than that */

struct sample {
	const char *path; /* below bad/ or good/ */
	struct str text;
	uint32_t left_out;
};

struct samples {
	VEC(struct sample) all;
};

struct names {
	VEC(const char *) all;
};

static _Noreturn void fail(const char *path)
{
	fprintf(stderr, "embed: %s: %s\n", path, strerrordesc_np(errno));
	exit(1);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct names list(struct arena *mem, const char *folder)
{
	struct names names = { 0 };
	struct dirent *entry;
	DIR *dir = opendir(folder);

	if (!dir && errno == ENOENT)
		return names;
	if (!dir)
		fail(folder);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			vec_add(mem, &names.all, str_copy(mem, str_of(entry->d_name)).p);
	closedir(dir);
	sort_stable(mem, names.all.at, names.all.n, sizeof *names.all.at, compare_names);
	return names;
}

static const char *join(struct arena *mem, const char *folder, const char *name)
{
	return *folder ? str_format(mem, "%s/%s", folder, name).p : name;
}

static struct str read_whole(struct arena *mem, const char *path, size_t size)
{
	char *p = NEW(mem, char, size + 1);
	FILE *f = fopen(path, "rb");

	if (!f || fread(p, 1, size, f) != size)
		fail(path);
	fclose(f);
	return (struct str){ p, (uint32_t)size };
}

static struct sample read_link(struct arena *mem, const char *path, const char *shown)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof target);

	if (n < 0)
		fail(path);
	return (struct sample){ shown, str_format(mem, "(a link to %.*s)\n", (int)n, target), 0 };
}

/* Long files are cut after a line if there is one. */
static struct sample read_sample(struct arena *mem, const char *path, const char *shown,
				 size_t size)
{
	struct sample s = { shown, read_whole(mem, path, size), 0 };
	uint32_t end = SHOWN_BYTES;

	if (s.text.n <= SHOWN_BYTES)
		return s;
	while (end > 0 && s.text.p[end - 1] != '\n')
		end--;
	if (end == 0)
		end = SHOWN_OF_LINE;
	s.left_out = s.text.n - end;
	s.text.n = end;
	return s;
}

static void collect(struct arena *mem, const char *folder, const char *below, struct samples *out)
{
	struct names names = list(mem, join(mem, folder, below));

	for (uint32_t i = 0; i < names.all.n; i++) {
		const char *shown = join(mem, below, names.all.at[i]);
		const char *path = join(mem, folder, shown);
		struct stat st;

		if (lstat(path, &st))
			fail(path);
		if (S_ISDIR(st.st_mode))
			collect(mem, folder, shown, out);
		else if (S_ISLNK(st.st_mode))
			vec_add(mem, &out->all, read_link(mem, path, shown));
		else if (S_ISREG(st.st_mode))
			vec_add(mem, &out->all, read_sample(mem, path, shown, (size_t)st.st_size));
	}
}

static void put_literal(FILE *f, struct str text)
{
	fputs("\"", f);
	for (uint32_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '\n' && i + 1 < text.n)
			fputs("\\n\"\n\t\"", f);
		else if (c == '"' || c == '\\' || c == '?')
			fprintf(f, "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			fprintf(f, "\\%03o", c);
		else
			fputc(c, f);
	}
	fputs("\"", f);
}

static void put_samples(FILE *f, const char *table, uint32_t number, const struct samples *samples)
{
	if (!samples->all.n)
		return;
	fprintf(f, "static const struct catalogue_file %s_%04u[] = {\n", table, number);
	for (uint32_t i = 0; i < samples->all.n; i++) {
		const struct sample *s = &samples->all.at[i];

		fputs("\t{ ", f);
		put_literal(f, str_of(s->path));
		fputs(", {\n\t", f);
		put_literal(f, s->text);
		fprintf(f, ", %u }, %u },\n", s->text.n, s->left_out);
	}
	fputs("};\n", f);
}

static uint32_t number_of(const char *name)
{
	struct str s = str_of(name);
	uint32_t n = 0;

	if (s.n != 7 || !str_starts(s, S("MSH")))
		return 0;
	for (uint32_t i = 3; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
		n = n * 10 + (uint32_t)(s.p[i] - '0');
	}
	return n;
}

static void put_row(FILE *f, const char *table, uint32_t number, uint32_t n)
{
	if (n)
		fprintf(f, ", .%s = %s_%04u, .n_%s = %u", table, table, number, table, n);
}

/* Arrays of one finding go to f, its row of the table to rows. */
static void put_finding(struct arena *mem, FILE *f, FILE *rows, const char *folder, uint32_t number)
{
	const char *explain = join(mem, folder, "explain.md");
	struct samples bad = { 0 }, good = { 0 };
	struct stat st;

	collect(mem, join(mem, folder, "bad"), "", &bad);
	collect(mem, join(mem, folder, "good"), "", &good);
	put_samples(f, "bad", number, &bad);
	put_samples(f, "good", number, &good);
	fprintf(rows, "\t{ .number = %u", number);
	if (!stat(explain, &st)) {
		struct str text = read_whole(mem, explain, (size_t)st.st_size);

		fputs(", .explain = {\n\t", rows);
		put_literal(rows, text);
		fprintf(rows, ", %u }", text.n);
	}
	put_row(rows, "bad", number, bad.all.n);
	put_row(rows, "good", number, good.all.n);
	fputs(" },\n", rows);
}

static void put_table(struct arena *mem, FILE *f, const char *findings)
{
	struct names names = list(mem, findings);
	uint32_t n = 0;
	char *text;
	size_t size;
	FILE *rows = open_memstream(&text, &size);

	if (!rows)
		fail("memory");
	for (uint32_t i = 0; i < names.all.n; i++) {
		uint32_t number = number_of(names.all.at[i]);

		if (!number)
			continue;
		put_finding(mem, f, rows, join(mem, findings, names.all.at[i]), number);
		n++;
	}
	fclose(rows);
	fprintf(f, "const struct catalogue_entry catalogue[] = {\n%s\t{ .number = 0 },\n};\n",
		text);
	fprintf(f, "const uint32_t n_catalogue = %u;\n", n);
	free(text);
}

static void put_catalogue(struct arena *mem, FILE *f, const char *findings)
{
	fputs("/* Made by embed from golden/findings/. Edit those. */\n"
	      "#include \"base/base.h\"\n#include \"cli/catalogue.h\"\n\n",
	      f);
	put_table(mem, f, findings);
}

/* Whole files only: somebody goes on from them. */
static void put_scaffold(struct arena *mem, FILE *f, const char *folder)
{
	struct samples files = { 0 };

	collect(mem, folder, "", &files);
	fputs("/* Made by embed from examples/init/. Edit those. */\n"
	      "#include \"base/base.h\"\n#include \"cli/scaffold.h\"\n\n"
	      "const struct scaffold_file scaffold[] = {\n",
	      f);
	for (uint32_t i = 0; i < files.all.n; i++) {
		const struct sample *s = &files.all.at[i];

		if (s->left_out) {
			fprintf(stderr, "embed: %s/%s: longer than %u bytes\n", folder, s->path,
				SHOWN_BYTES);
			exit(1);
		}
		fputs("\t{ { ", f);
		put_literal(f, str_of(s->path));
		fprintf(f, ", %zu }, {\n\t", strlen(s->path));
		put_literal(f, s->text);
		fprintf(f, ", %u } },\n", s->text.n);
	}
	fprintf(f, "\t{ { 0 }, { 0 } },\n};\nconst uint32_t n_scaffold = %u;\n", files.all.n);
}

int main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	bool scaffold = argc > 1 && strcmp(argv[1], "scaffold") == 0;
	FILE *f;

	if (argc != 4 || (!scaffold && strcmp(argv[1], "catalogue") != 0)) {
		fputs("usage: embed catalogue|scaffold FOLDER OUT.c\n", stderr);
		return 2;
	}
	f = fopen(argv[3], "wb");
	if (!f)
		fail(argv[3]);
	if (scaffold)
		put_scaffold(mem, f, argv[2]);
	else
		put_catalogue(mem, f, argv[2]);
	if (fclose(f))
		fail(argv[3]);
	arena_free(mem);
	return 0;
}
