/*
 * Bundles made of a few words, a folder to build them into, and what stands there
 * afterwards as one text.
 */
#pragma once

#include "support/fixture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/folder.h"
#include "git/write.h"
#include "output/local.h"
#include "output/output.h"

/* "cluster" or "@applier", "namespace", "name", "text that the object holds"; a row without a name is an empty cluster */
struct making {
	const char *cluster, *space, *name, *value;
};

struct place {
	struct fixture f;
	struct output_pass pass;
	char root[256]; /* a folder of its own */
	char out[300];  /* root/out; not there yet */
};

static inline void place_open(struct place *p)
{
	fixture_setup(&p->f);
	p->pass = (struct output_pass){ .mem = p->f.mem, .diags = &p->f.diags, .pool = p->f.pool };
	snprintf(p->root, sizeof p->root, "%s/output-XXXXXX", BINARY_DIR);
	assert_non_null(mkdtemp(p->root));
	snprintf(p->out, sizeof p->out, "%s/out", p->root);
}

static inline void place_close(struct place *p)
{
	struct folder all;

	assert_true(folder_open(&p->f.diags, S(BINARY_DIR), &all));
	assert_true(write_drop(&p->f.diags, &all, str_of(strrchr(p->root, '/') + 1)));
	folder_close(&all);
	fixture_teardown(&p->f);
}

static inline struct object make_object(struct arena *mem, const struct making *m)
{
	struct object o = { .key = { S("networking.istio.io"), S("VirtualService"),
				     str_of(m->space), str_of(m->name) } };

	o.body = node_map(mem, (struct span){ 0 });
	node_put(mem, o.body, S("kind"), node_string(mem, o.key.kind, (struct span){ 0 }));
	node_put(mem, o.body, S("value"), node_string(mem, str_of(m->value), (struct span){ 0 }));
	return o;
}

/* Rows of one cluster or applier stand together. */
static inline struct bundle make_sets(struct arena *mem, const struct making *rows, uint32_t n,
				      bool appliers)
{
	struct bundle b = { NEW(mem, struct object_set, n), 0 };

	for (uint32_t i = 0; i < n; i++) {
		if ((rows[i].cluster[0] == '@') != appliers)
			continue;
		if (!i || strcmp(rows[i].cluster, rows[i - 1].cluster) != 0)
			b.clusters[b.n++].cluster = str_of(rows[i].cluster);
		if (appliers)
			b.clusters[b.n - 1].applier = str_of(rows[i].cluster + 1);
		if (rows[i].name)
			vec_add(mem, &b.clusters[b.n - 1].all, make_object(mem, &rows[i]));
	}
	return b;
}

static inline struct bundle make_bundle(struct arena *mem, const struct making *rows, uint32_t n)
{
	return make_sets(mem, rows, n, false);
}

static inline struct fileset make_files(struct place *p, const struct making *rows, uint32_t n)
{
	struct bundle *bundle = NEW(p->f.mem, struct bundle, 1);
	struct bundle *appliers = NEW(p->f.mem, struct bundle, 1);
	struct fileset files;

	*bundle = make_bundle(p->f.mem, rows, n);
	*appliers = make_sets(p->f.mem, rows, n, true);
	output_render(&p->pass, bundle, &files);
	output_render_appliers(&p->pass, appliers, &files);
	output_index(&p->pass, &files);
	return files;
}

/* Render, index, settle, publish. */
static inline bool make_output(struct place *p, const struct making *rows, uint32_t n,
			       struct changes *changes)
{
	struct fileset files = make_files(p, rows, n);

	return output_settle(&p->pass, p->out, &files, changes) &&
	       output_publish(&p->pass, p->out, &files, changes);
}

#define MAKE(place, changes, ...)                                                                  \
	make_output((place), (const struct making[]){ __VA_ARGS__ },                               \
		    (uint32_t)countof(((const struct making[]){ __VA_ARGS__ })), (changes))

/* Files of the user: path below the output folder, whose folders are there. */
static inline void put_text(struct place *p, const char *path, const char *text)
{
	char full[600];
	int fd;

	snprintf(full, sizeof full, "%s/%s", p->out, path);
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static inline void put_folder(struct place *p, const char *path)
{
	char full[600];

	snprintf(full, sizeof full, "%s/%s", p->out, path);
	assert_int_equal(mkdir(full, 0755), 0);
}

static inline void see_folder(struct place *p, struct buf *out, const struct folder *f,
			      struct str prefix)
{
	struct entries entries;

	assert_true(folder_list(p->f.mem, &p->f.diags, f, &entries));
	for (uint32_t i = 0; i < entries.all.n; i++) {
		struct str name = entries.all.at[i].name;
		struct str path = str_format(p->f.mem, "%.*s%.*s", STR(prefix), STR(name)), text;
		struct folder below;

		if (entries.all.at[i].kind == ENTRY_FOLDER) {
			assert_true(folder_enter(&p->f.diags, f, name, &below));
			buf_format(out, "%.*s/\n", STR(path));
			see_folder(p, out, &below, str_format(p->f.mem, "%.*s/", STR(path)));
			folder_close(&below);
		} else if (entries.all.at[i].kind == ENTRY_FILE) {
			assert_true(folder_read(p->f.mem, &p->f.diags, f, name, 1 << 20, &text));
			buf_format(out, "%.*s = %.*s\n", STR(path), STR(text));
		} else {
			buf_format(out, "%.*s is special\n", STR(path));
		}
	}
}

/* Everything in the output folder, files with what they hold; "" when it is not there. */
static inline const char *see(struct place *p)
{
	struct buf out = buf_new(p->f.mem, 0);
	struct folder f;

	assert_true(folder_open(&p->f.diags, str_of(p->out), &f));
	if (f.fd < 0)
		return "";
	see_folder(p, &out, &f, S(""));
	folder_close(&f);
	return str_z(p->f.mem, buf_view(&out));
}

static inline bool sees(struct place *p, const char *line)
{
	return strstr(see(p), line) != NULL;
}
