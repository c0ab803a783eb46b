/*
 * schemac OUT SCHEMAS FILE...: reads SCHEMAS/FILE..., writes OUT/model.gen.h and OUT/model.gen.c.
 *
 * A host tool of the build: it reads files of this repository only, stops at the
 * first fault, and its output depends on nothing but the texts and their order.
 */
#include "base/base.h"

#include "schema/schemac/local.h"

#include <errno.h>

void refuse(const struct schema_file *file, const char *where, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "schemas/%s: %s: ", file->path, where);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

_Noreturn static void fail(const char *path)
{
	fprintf(stderr, "schemac: %s: %s\n", path, strerror(errno));
	exit(1);
}

static FILE *open_below(const char *folder, const char *name, const char *mode)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);

	FILE *f = n > 0 && (size_t)n < sizeof path ? fopen(path, mode) : NULL;
	if (!f)
		fail(path);
	return f;
}

static char *read_text(const char *folder, const char *name)
{
	enum { LARGEST = 1 << 20 };
	FILE *f = open_below(folder, name, "rb");
	char *text = calloc(1, LARGEST + 1);

	if (!text)
		fail(name);
	size_t n = fread(text, 1, LARGEST + 1, f);
	if (ferror(f) || n > LARGEST)
		fail(name);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void add_file(struct model *m, const char *folder, const char *name)
{
	struct schema_file *file = &m->files[m->n_files];
	const char *end = NULL;

	file->path = name;
	if (m->n_files++ == MODEL_FILES)
		refuse(file, "file", "more files than schemac takes");
	file->text = read_text(folder, name);
	file->root = cJSON_ParseWithOpts(file->text, &end, true);
	if (!file->root)
		refuse(file, "file", "not JSON near `%.20s`", end ? end : "");
}

static void write_file(const char *folder, const char *name, const struct model *m,
		       void (*emit)(FILE *, const struct model *))
{
	FILE *f = open_below(folder, name, "wb");

	emit(f, m);
	if (fclose(f))
		fail(name);
}

static void model_free(struct model *m)
{
	for (uint32_t i = 0; i < m->n_files; i++) {
		cJSON_Delete(m->files[i].root);
		free(m->files[i].text);
	}
	free(m);
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fputs("usage: schemac OUT SCHEMAS FILE...\n", stderr);
		return 2;
	}
	struct model *m = calloc(1, sizeof *m);
	if (!m)
		fail("memory");
	for (int i = 3; i < argc; i++)
		add_file(m, argv[2], argv[i]);
	model_read(m);
	write_file(argv[1], "model.gen.h", m, emit_header);
	write_file(argv[1], "model.gen.c", m, emit_tables);
	model_free(m);
	return 0;
}
