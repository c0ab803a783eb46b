/*
 * See document.h.
 */
#include "base/base.h"

#include "scale/document.h"

#include <errno.h>
#include <sys/stat.h>

/* splitmix64: every bit of the input moves every bit of the output. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint64_t fleet_random(const struct fleet *f, uint64_t a, uint64_t b, uint64_t c)
{
	return mix(mix(mix(mix(f->seed) ^ a) ^ b) ^ c);
}

struct buf *document_start(struct fleet *f, struct documents_of *out, const char *api,
			   const char *kind)
{
	struct buf *b = NEW(f->mem, struct buf, 1);

	*b = buf_new(f->mem, 0);
	vec_add(f->mem, &out->kinds, kind);
	buf_format(b, "apiVersion: %s\nkind: %s\n", api, kind);
	return b;
}

void document_end(struct fleet *f, struct documents_of *out, struct buf *b)
{
	vec_add(f->mem, &out->all, buf_view(b));
}

void put_identity(struct buf *b, const struct fleet *f, uint64_t a, uint64_t c)
{
	uint64_t id = fleet_random(f, a, c, b->n);

	buf_format(b, "  creationTimestamp: \"2026-03-0%uT10:%02u:00Z\"\n", (unsigned)(id % 9) + 1,
		   (unsigned)(id % 60));
	buf_format(b, "  resourceVersion: \"%u\"\n", (unsigned)(id % 1000000));
	buf_format(b, "  uid: %08x-0000-4000-8000-%012" PRIx64 "\n", (unsigned)(id >> 32),
		   id & 0xffffffffffffu);
}

void folder_make_below(const struct fleet *f, const char *path)
{
	char whole[4096];

	snprintf(whole, sizeof whole, "%s/%s", f->folder, path);
	for (char *slash = strchr(whole + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(whole, 0777);
		*slash = '/';
	}
	if (mkdir(whole, 0777) != 0 && errno != EEXIST) {
		perror(whole);
		exit(1);
	}
}

void file_write_below(const struct fleet *f, const char *path, struct str text)
{
	char whole[4096];
	FILE *file;

	snprintf(whole, sizeof whole, "%s/%s", f->folder, path);
	file = fopen(whole, "we");
	if (!file || fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0) {
		perror(whole);
		exit(1);
	}
}

/* An item of a List: "- " before its first line, two spaces before the others. */
static void put_item(struct buf *b, struct str text)
{
	bool first = true;

	while (text.n) {
		int64_t newline = str_find(text, '\n');
		uint32_t end = newline < 0 ? text.n : (uint32_t)newline + 1;

		buf_put(b, first ? "- " : "  ", 2);
		buf_put(b, text.p, end);
		text = str_slice(text, end, text.n);
		first = false;
	}
}

static void write_list(struct fleet *f, const struct documents_of *docs, const char *below,
		       const char *kind)
{
	struct buf b = buf_new(f->mem, 0);

	buf_format(&b, "apiVersion: v1\nitems:\n");
	for (uint32_t i = 0; i < docs->all.n; i++)
		if (strcmp(docs->kinds.at[i], kind) == 0)
			put_item(&b, docs->all.at[i]);
	buf_format(&b, "kind: List\nmetadata:\n  resourceVersion: \"\"\n");
	file_write_below(f, str_format(f->mem, "%s/%s.yaml", below, kind).p, buf_view(&b));
}

static void write_lists(struct fleet *f, const struct documents_of *docs, const char *below)
{
	for (uint32_t i = 0; i < docs->all.n; i++) {
		bool seen = false;

		for (uint32_t k = 0; k < i && !seen; k++)
			seen = strcmp(docs->kinds.at[k], docs->kinds.at[i]) == 0;
		if (!seen)
			write_list(f, docs, below, docs->kinds.at[i]);
	}
}

static void write_one(struct fleet *f, const struct str *texts, uint32_t n, const char *path)
{
	struct buf b = buf_new(f->mem, 0);

	for (uint32_t i = 0; i < n; i++) {
		buf_format(&b, "---\n");
		buf_str(&b, texts[i]);
	}
	file_write_below(f, path, buf_view(&b));
}

/* Fisher-Yates, then files of one to seven documents. */
static void write_shuffled(struct fleet *f, const struct documents_of *docs, const char *below)
{
	struct fleet dice = { .seed = f->shuffle };
	struct str *texts = NEW(f->mem, struct str, docs->all.n);
	uint32_t file = 0;

	for (uint32_t i = 0; i < docs->all.n; i++) {
		uint32_t k = (uint32_t)(fleet_random(&dice, 1, i, docs->all.n) % (i + 1));

		texts[i] = texts[k];
		texts[k] = docs->all.at[i];
	}
	for (uint32_t i = 0; i < docs->all.n; file++) {
		uint64_t id = fleet_random(&dice, 2, file, docs->all.n);
		uint32_t n = (uint32_t)(id % 7) + 1;

		n = n < docs->all.n - i ? n : docs->all.n - i;
		folder_make_below(f, str_format(f->mem, "%s/%x", below, (unsigned)(id >> 60)).p);
		write_one(f, &texts[i], n,
			  str_format(f->mem, "%s/%x/%08x-%u.yaml", below, (unsigned)(id >> 60),
				     (unsigned)(id >> 16), file)
				  .p);
		i += n;
	}
}

void documents_write(struct fleet *f, const struct documents_of *docs, const char *below,
		     bool lists)
{
	if (!docs->all.n)
		return;
	folder_make_below(f, below);
	if (f->shuffle)
		write_shuffled(f, docs, below);
	else if (lists)
		write_lists(f, docs, below);
	else
		write_one(f, docs->all.at, docs->all.n,
			  str_format(f->mem, "%s/policies.yaml", below).p);
}
