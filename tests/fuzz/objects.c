/*
 * Reading a repository that somebody else wrote. The bytes are the entries of a tree, or of the index, as no git would
 * write them: names with dots and slashes, twice the same, links, submodules, stages, objects that are missing; or a
 * commit, the configuration or the refs, as they are.
 *
 * What is read as a source lies below the root, whatever the names say.
 */
#include "fuzz/fleet.h"
#include "fuzz/grow.h"

#include "git/tree.h"
#include "golden/disk.h"

#include <git2.h>
#include <stdlib.h>

enum { ENTRIES = 64, OBJECTS = 256 };

static git_repository *repository;
static char top_folder[PATH_MAX];
static git_oid fleet_id, yaml_id, lfs_id, lost_id;

/* ---- The objects of one input ---- */

static git_oid made[OBJECTS];
static uint32_t n_made;

static git_oid put_object(const void *p, size_t n, git_object_t type)
{
	git_odb *odb = NULL;
	git_oid id;

	if (git_repository_odb(&odb, repository) || git_odb_write(&id, odb, p, n, type))
		give_up("cannot write an object: %s", git_error_last()->message);
	git_odb_free(odb);
	if (n_made < OBJECTS)
		made[n_made++] = id;
	return id;
}

static const char *in_git(struct arena *mem, const char *name)
{
	return str_format(mem, "%s/.git/%s", top_folder, name).p;
}

static void drop_objects(void)
{
	struct arena *mem = arena_new();

	for (uint32_t i = 0; i < n_made; i++) {
		const char *hex = git_oid_tostr_s(&made[i]);

		remove(in_git(mem, str_format(mem, "objects/%.2s/%s", hex, hex + 2).p));
	}
	n_made = 0;
	remove(in_git(mem, "index"));
	remove(in_git(mem, "packed-refs"));
	disk_write(mem, in_git(mem, "config"), S("[core]\n\trepositoryformatversion = 0\n"));
	disk_write(mem, in_git(mem, "HEAD"), S("ref: refs/heads/main\n"));
	arena_free(mem);
}

static void drop_folder(void)
{
	struct arena *mem = arena_new();

	git_repository_free(repository);
	git_libgit2_shutdown();
	disk_remove(mem, top_folder);
	arena_free(mem);
}

static void make_repository(void)
{
	static const char text[] = "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\n"
				   "metadata: {name: f}\n";
	static const char lfs[] = "version https://git-lfs.github.com/spec/v1\n";
	const char *folder = getenv("TMPDIR");

	snprintf(top_folder, sizeof top_folder, "%s/meshc-fuzz-XXXXXX", folder ? folder : "/tmp");
	if (!mkdtemp(top_folder))
		give_up("no folder for the repository");
	git_libgit2_init();
	if (git_repository_init(&repository, top_folder, 0))
		give_up("no repository: %s", git_error_last()->message);
	atexit(drop_folder);
	fleet_id = put_object(text, sizeof text - 1, GIT_OBJECT_BLOB);
	yaml_id = put_object("a: 1\n", 5, GIT_OBJECT_BLOB);
	lfs_id = put_object(lfs, sizeof lfs - 1, GIT_OBJECT_BLOB);
	memset(lost_id.id, 1, sizeof lost_id.id);
	n_made = 0;
}

/* ---- Entries ---- */

static struct str name_of(struct grow *g)
{
	static const char *const names[] = { "mesh",     "inventory", "meshc.yaml", "a.yaml",
					     "b.json",   "..",        ".git",       ".",
					     "a/b.yaml", "C1",        "c1",         "" };
	uint8_t b = grow_byte(g);
	char *p;

	if (b < 200)
		return str_of(names[b % countof(names)]);
	b %= 40;
	p = NEW(g->mem, char, b + 1u);
	for (uint32_t i = 0; i < b; i++) {
		p[i] = (char)grow_byte(g);
		if (!p[i])
			p[i] = '/';
	}
	return (struct str){ p, b };
}

static const char *mode_of(uint8_t b)
{
	static const char *const modes[] = { "100644", "100644", "100644", "40000", "120000",
					     "160000", "100755", "0",      "777777" };

	return modes[b % countof(modes)];
}

static git_oid id_of(uint8_t b)
{
	const git_oid *ids[] = { &yaml_id, &yaml_id, &lfs_id, &lost_id, &fleet_id };

	return *ids[b % countof(ids)];
}

static void put_entry(struct buf *out, const char *mode, struct str name, const git_oid *id)
{
	buf_format(out, "%s %.*s", mode, STR(name));
	buf_char(out, '\0');
	buf_put(out, (const char *)id->id, sizeof id->id);
}

/* 0 ends a tree, an odd byte opens one below. */
static git_oid grow_tree(struct grow *g, uint32_t depth)
{
	struct buf out = buf_new(g->mem, 0);
	uint8_t b;

	for (uint32_t i = 0; i < ENTRIES && (b = grow_byte(g)) != 0; i++) {
		struct str name = name_of(g);
		git_oid id;

		if (b & 1 && depth < 80 && n_made < OBJECTS - 8)
			id = grow_tree(g, depth + 1);
		else
			id = id_of(grow_byte(g));
		put_entry(&out, b & 1 ? "40000" : mode_of(b / 2), name, &id);
	}
	return put_object(out.p, out.n, GIT_OBJECT_TREE);
}

static git_oid commit_of(struct arena *mem, const git_oid *tree)
{
	struct str text = str_format(mem,
				     "tree %s\nauthor a <a@b> 0 +0000\ncommitter a <a@b> 0 "
				     "+0000\n\na\n",
				     git_oid_tostr_s(tree));

	return put_object(text.p, text.n, GIT_OBJECT_COMMIT);
}

/* meshc.yaml and two folders of sources, so that what grows below them is looked for. */
static git_oid grow_commit(struct grow *g)
{
	struct buf out = buf_new(g->mem, 0);
	git_oid inventory = grow_tree(g, 0), mesh = grow_tree(g, 0), top;

	put_entry(&out, "40000", S("inventory"), &inventory);
	put_entry(&out, "40000", S("mesh"), &mesh);
	put_entry(&out, "100644", S("meshc.yaml"), &fleet_id);
	top = put_object(out.p, out.n, GIT_OBJECT_TREE);
	return commit_of(g->mem, &top);
}

/* ---- The index ---- */

static uint32_t rotate(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static void sha1_block(uint32_t h[5], const uint8_t *p)
{
	static const uint32_t k[] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 };
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (int i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t choice = (b & c) | (~b & d), parity = b ^ c ^ d,
			 majority = (b & c) | (b & d) | (c & d),
			 f = i < 20              ? choice
			     : i >= 40 && i < 60 ? majority
						 : parity,
			 next = rotate(a, 5) + f + e + k[i / 20] + w[i];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

static void put_u32(struct buf *out, uint32_t x)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(out, (char)(x >> shift));
}

/* The end of an index file: the SHA-1 of all before. */
static void put_checksum(struct arena *mem, struct buf *out)
{
	uint32_t h[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	struct buf padded = buf_new(mem, 0);

	buf_put(&padded, out->p, out->n);
	buf_char(&padded, (char)0x80);
	while (padded.n % 64 != 56)
		buf_char(&padded, '\0');
	put_u32(&padded, (uint32_t)(out->n >> 29));
	put_u32(&padded, (uint32_t)(out->n << 3));
	for (size_t i = 0; i < padded.n; i += 64)
		sha1_block(h, (const uint8_t *)padded.p + i);
	for (int i = 0; i < 5; i++)
		put_u32(out, h[i]);
}

static void put_staged(struct buf *out, uint32_t mode, const git_oid *id, uint32_t flags,
		       struct str path)
{
	size_t start = out->n;

	buf_fill(out, '\0', 24);
	put_u32(out, mode);
	buf_fill(out, '\0', 12);
	buf_put(out, (const char *)id->id, sizeof id->id);
	buf_char(out, (char)(flags >> 8 | path.n >> 8));
	buf_char(out, (char)path.n);
	buf_str(out, path);
	do
		buf_char(out, '\0');
	while ((out->n - start) % 8);
}

static struct str grow_path(struct grow *g)
{
	struct str path = name_of(g);

	for (uint8_t b = grow_byte(g) % 4; b > 0; b--)
		path = str_join(g->mem, path, S("/"), name_of(g));
	return path;
}

static void grow_index(struct grow *g)
{
	static const uint32_t modes[] = { 0100644, 0100644, 0100755, 0120000, 0160000, 040000 };
	struct buf entries = buf_new(g->mem, 0), out = buf_new(g->mem, 0);
	uint32_t n = 1;

	while (n < ENTRIES && g->n) {
		uint8_t b = grow_byte(g);
		git_oid id = id_of(grow_byte(g));

		put_staged(&entries, modes[b % countof(modes)], &id, (b & 0xf0u) << 8,
			   grow_path(g));
		n++;
	}
	put_staged(&entries, 0100644, &fleet_id, 0, S("meshc.yaml"));
	buf_lit(&out, "DIRC");
	put_u32(&out, 2);
	put_u32(&out, n);
	buf_put(&out, entries.p, entries.n);
	put_checksum(g->mem, &out);
	disk_write(g->mem, in_git(g->mem, "index"), buf_view(&out));
}

/* ---- Reading ---- */

/* What a folder of sources is called may be a file. */
static bool is_source(struct str path)
{
	return str_eq(path, S("meshc.yaml")) || str_eq(path, S("mesh")) ||
	       str_eq(path, S("inventory")) || str_starts(path, S("mesh/")) ||
	       str_starts(path, S("inventory/"));
}

static void check_paths(const struct result *r)
{
	const struct files *files = r->sources.files;

	for (uint32_t i = 0; i < files->all.n; i++) {
		struct str path = files->all.at[i].path;

		LAW(is_source(path) && !memmem(path.p, path.n, "/.", 2), "%.*s is read", STR(path));
	}
}

static void read_sources(enum root_kind kind, const char *rev)
{
	struct run run;
	struct result result;

	run_open(&run, (struct run_options){ .root = { top_folder, kind, rev, NULL }, .jobs = 1 });
	if (compile_sources(&run, &result))
		check_paths(&result);
	fleet_report(&run, &result);
	run_close(&run);
}

/* The same commit as one of output: its folders, its files, an edit. */
static void read_output(struct arena *mem, const char *hex)
{
	struct diags diags = diags_new(mem);
	struct repository r = { 0 };
	struct commit_tree tree;
	struct listed_files files;
	struct entries entries = { 0 };
	struct object_id id, at;
	enum entry_kind kind;
	struct str text;

	if (!repository_open(mem, &diags, top_folder, &r))
		return;
	memcpy(id.hex, hex, sizeof id.hex);
	if (commit_tree_open(&diags, &r, &id, S(""), &tree)) {
		commit_tree_list(mem, &diags, &tree, S("mesh"), &entries);
		if (commit_tree_files(mem, &diags, &tree, S("mesh"), &files))
			for (uint32_t i = 0; i < files.n; i++) {
				struct str path = str_join(mem, S("mesh/"), files.at[i].path);

				commit_tree_look(mem, &diags, &tree, path, &kind, &at);
				commit_tree_read(mem, &diags, &tree, path, 1000, &text);
			}
		commit_tree_close(&tree);
	}
	repository_close(&r);
}

static void read_commit_of(struct arena *mem, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof hex, id);
	read_sources(ROOT_REVISION, hex);
	read_output(mem, hex);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new();
	struct grow g = grow_new(mem, bytes, n);
	git_oid id;

	if (!repository)
		make_repository();
	drop_objects();
	switch (grow_byte(&g) % 5) {
	case 0:
		id = grow_commit(&g);
		read_commit_of(mem, &id);
		break;
	case 1:
		grow_index(&g);
		read_sources(ROOT_STAGED, NULL);
		break;
	case 2:
		id = put_object(g.p, g.n, GIT_OBJECT_COMMIT);
		read_commit_of(mem, &id);
		break;
	case 3:
		disk_write(mem, in_git(mem, "config"), fuzz_text(g.p, g.n));
		read_sources(ROOT_REVISION, "HEAD");
		break;
	default:
		disk_write(mem, in_git(mem, "packed-refs"), fuzz_text(g.p, g.n));
		disk_write(mem, in_git(mem, "HEAD"), fuzz_text(g.p, g.n));
		read_sources(ROOT_REVISION, "HEAD");
		break;
	}
	drop_objects();
	arena_free(mem);
	return 0;
}
