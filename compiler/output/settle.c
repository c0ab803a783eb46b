/*
 * Pass 10: what the files would change in a folder, and whether they may.
 *
 * Ours is what an index found there names; everything else stays as it is, and a
 * file of somebody else's under a name that we need stops the run. Clusters that
 * are no longer in the plan, and appliers that nobody asks for any more, lose what
 * their index names. Nothing is written.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/limit.h"
#include "base/sort.h"
#include "git/folder.h"
#include "output/ledger.h"

struct slot {
	struct arena *mem;
	struct diags diags;
	int top;
	struct str part;   /* name of the folder below the top one */
	struct str prefix; /* clusters/<part>/ */
	struct folder folder;
	struct ledger ledger;
	struct changes changes;
	bool refused;
};

struct settle {
	const struct fileset *files;
	struct folder tops[TOP_MAX];
	struct slot *slots;
	uint32_t n_slots;
};

struct names {
	VEC(struct str) all;
};

struct str root_path(const char *out_dir)
{
	struct str path = str_of(out_dir);

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

static bool refuse_foreign(struct diags *d, struct str path)
{
	struct finding *f = report_not_owned(d, (struct span){ 0 }, path);

	help(f, "move it away or delete it, then build again");
	return false;
}

static void add_row(struct slot *s, enum change change, struct str path,
		    const struct output_file *file)
{
	vec_add(s->mem, &s->changes.all,
		((struct change_row){ .change = change, .path = path, .file = file }));
	if (!file || !file->object || file->beside)
		return;
	s->changes.objects_new += change == CHANGE_NEW;
	s->changes.objects_changed += change == CHANGE_CHANGED;
}

static bool is_ours(const struct slot *s, struct str name)
{
	return str_eq(name, S(LEDGER_NAME)) || ledger_find(&s->ledger, name);
}

/* One file that we want, in the folder that holds it (fd -1: no such folder). */
static bool settle_file(struct slot *s, const struct folder *folder, const struct output_file *file)
{
	static const enum change change_of[] = { [HELD_NOTHING] = CHANGE_NEW,
						 [HELD_SAME] = CHANGE_SAME,
						 [HELD_DIFFERENT] = CHANGE_CHANGED };
	struct str name = str_slice(file->path, s->prefix.n, file->path.n);
	int64_t slash = str_find(name, '/');
	struct str last = str_slice(name, (uint32_t)(slash + 1), name.n);
	enum held held = HELD_NOTHING;

	if (folder->fd >= 0 && !folder_compare(&s->diags, folder, last, file->bytes, &held))
		return false;
	if (held == HELD_OTHER || (held == HELD_DIFFERENT && !is_ours(s, name)))
		return refuse_foreign(&s->diags, folder_path(s->diags.mem, folder, last));
	add_row(s, change_of[held], file->path, file);
	return true;
}

/* The folder of a namespace; a file under its name is somebody's, and in the way. */
static bool enter_space(struct slot *s, struct str space, struct folder *out)
{
	enum entry_kind kind;

	*out = (struct folder){ .fd = -1 };
	if (!folder_look(&s->diags, &s->folder, space, &kind))
		return false;
	if (kind == ENTRY_NONE)
		return true;
	if (kind == ENTRY_FILE || kind == ENTRY_OTHER)
		return refuse_foreign(&s->diags, folder_path(s->diags.mem, &s->folder, space));
	return folder_enter(&s->diags, &s->folder, space, out);
}

static struct str space_of(const struct slot *s, struct str path)
{
	struct str name = str_slice(path, s->prefix.n, path.n);
	int64_t slash = str_find(name, '/');

	return slash < 0 ? S("") : str_slice(name, 0, (uint32_t)slash);
}

/* Files stand together by namespace: each folder is opened once. */
static bool settle_files(struct slot *s, const struct fileset *files)
{
	struct range r = files_below(files, s->prefix);
	struct folder space = { .fd = -1 };
	struct str open = { 0 };
	bool sound = true;

	for (uint32_t i = r.from; i < r.to; i++) {
		const struct output_file *file = &files->all.at[i];
		struct str wanted = space_of(s, file->path);

		if (!wanted.n) {
			sound &= settle_file(s, &s->folder, file);
			continue;
		}
		if (!str_eq(wanted, open)) {
			folder_close(&space);
			open = wanted;
			if (!enter_space(s, wanted, &space)) {
				sound = false;
				continue;
			}
		}
		sound &= settle_file(s, &space, file);
	}
	folder_close(&space);
	return sound;
}

/* Whether a plain file stands there: what else may, is not what we wrote. false: reported. */
static bool look_for(struct diags *d, const struct folder *folder, struct str path, bool *there)
{
	int64_t slash = str_find(path, '/');
	struct str first = slash < 0 ? path : str_slice(path, 0, (uint32_t)slash);
	enum entry_kind kind;
	struct folder below;
	bool done;

	if (!folder_look(d, folder, first, &kind))
		return false;
	*there = slash < 0 && kind == ENTRY_FILE;
	if (slash < 0 || kind != ENTRY_FOLDER)
		return true;
	if (!folder_enter(d, folder, first, &below))
		return false;
	done = below.fd < 0 ||
	       look_for(d, &below, str_slice(path, (uint32_t)slash + 1, path.n), there);
	folder_close(&below);
	return done;
}

static bool remove_stale(struct slot *s, const struct range wanted, const struct fileset *files)
{
	uint32_t f = wanted.from;
	bool sound = true, there;

	for (uint32_t i = 0; i < s->ledger.all.n; i++) {
		struct str path = str_format(s->mem, "%.*s%.*s", STR(s->prefix),
					     STR(s->ledger.all.at[i].path));

		while (f < wanted.to && str_cmp(files->all.at[f].path, path) < 0)
			f++;
		if (f < wanted.to && str_eq(files->all.at[f].path, path))
			continue;
		if (!look_for(&s->diags, &s->folder, s->ledger.all.at[i].path, &there)) {
			sound = false;
		} else if (there) {
			add_row(s, CHANGE_REMOVED, path, NULL);
			s->changes.objects_removed +=
				s->top == TOP_CLUSTERS &&
				!str_eq(s->ledger.all.at[i].kind, S(NEEDS_KIND));
		}
	}
	return sound;
}

/* The index found in the folder, if there is one. */
static bool read_ledger(struct slot *s, bool *there)
{
	struct str text;

	*there = false;
	if (s->folder.fd < 0)
		return true;
	if (!folder_read(s->mem, &s->diags, &s->folder, S(LEDGER_NAME), LIMIT_INVENTORY_FILE_BYTES,
			 &text))
		return false;
	*there = text.p;
	return !text.p ||
	       ledger_read(s->mem, &s->diags, folder_path(s->mem, &s->folder, S(LEDGER_NAME)), text,
			   &s->ledger);
}

/* One file of the folder as it is. */
static bool read_file(void *cx, struct str path, struct str *text)
{
	struct slot *s = cx;
	struct str name = str_slice(path, s->prefix.n, path.n), space = space_of(s, path);
	struct folder below;
	bool read;

	*text = (struct str){ 0 };
	if (!space.n)
		return folder_read(s->mem, &s->diags, &s->folder, name, LIMIT_INVENTORY_FILE_BYTES,
				   text);
	if (!folder_enter(&s->diags, &s->folder, space, &below))
		return false;
	read = below.fd < 0 ||
	       folder_read(s->mem, &s->diags, &below, str_slice(name, space.n + 1, name.n),
			   LIMIT_INVENTORY_FILE_BYTES, text);
	folder_close(&below);
	return read;
}

static void check_transition(struct slot *s)
{
	transition_check(&(struct transition){ .mem = s->mem,
					       .diags = &s->diags,
					       .prefix = s->prefix,
					       .ledger = &s->ledger,
					       .changes = &s->changes,
					       .read = read_file,
					       .cx = s });
}

static bool settle_opened(struct slot *s, const struct fileset *files)
{
	struct range wanted = files_below(files, s->prefix);
	bool indexed, sound;

	if (!read_ledger(s, &indexed))
		return false;
	if (wanted.from == wanted.to && indexed)
		add_row(s, CHANGE_REMOVED, str_format(s->mem, "%.*s" LEDGER_NAME, STR(s->prefix)),
			NULL);
	sound = settle_files(s, files);
	sound = remove_stale(s, wanted, files) && sound;
	if (sound && s->top == TOP_CLUSTERS)
		check_transition(s);
	return sound;
}

static bool enter_part(struct slot *s, const struct folder *top)
{
	enum entry_kind kind;

	s->folder.fd = -1;
	if (!folder_look(&s->diags, top, s->part, &kind))
		return false;
	if (kind == ENTRY_NONE)
		return true;
	if (kind == ENTRY_FILE || kind == ENTRY_OTHER)
		return refuse_foreign(&s->diags, folder_path(s->diags.mem, top, s->part));
	return folder_enter(&s->diags, top, s->part, &s->folder);
}

static void settle_part(uint32_t i, void *cx)
{
	struct settle *all = cx;
	struct slot *s = &all->slots[i];

	s->mem = arena_new();
	s->diags = diags_new(s->mem);
	s->prefix = str_join(s->mem, top_prefix(s->top), s->part, S("/"));
	s->refused = !enter_part(s, &all->tops[s->top]) || !settle_opened(s, all->files);
	folder_close(&s->folder);
}

static int compare_strs(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The folders that the files need in a top one, and those that are there. */
static bool list_parts(struct output_pass *p, const struct settle *s, int top, struct names *out)
{
	struct str prefix = top_prefix(top);
	struct range r = files_below(s->files, prefix);
	struct entries there = { 0 };

	if (s->tops[top].fd >= 0 && !folder_list(p->mem, p->diags, &s->tops[top], &there))
		return false;
	for (uint32_t i = 0; i < there.all.n; i++)
		if (there.all.at[i].kind == ENTRY_FOLDER &&
		    pass_takes(p, prefix, there.all.at[i].name))
			vec_add(p->mem, &out->all, there.all.at[i].name);
	for (uint32_t i = r.from; i < r.to; i++) {
		struct str path = s->files->all.at[i].path;
		struct str rest = str_slice(path, prefix.n, path.n);
		struct str part = str_slice(rest, 0, (uint32_t)str_find(rest, '/'));

		if (!out->all.n || !str_eq(out->all.at[out->all.n - 1], part))
			vec_add(p->mem, &out->all, part);
	}
	sort_stable(p->mem, out->all.at, out->all.n, sizeof *out->all.at, compare_strs);
	return true;
}

static void add_slots(struct settle *s, int top, const struct names *parts)
{
	for (uint32_t i = 0; i < parts->all.n; i++)
		if (!i || !str_eq(parts->all.at[i], parts->all.at[i - 1]))
			s->slots[s->n_slots++] =
				(struct slot){ .top = top, .part = parts->all.at[i] };
}

static bool make_slots(struct output_pass *p, struct settle *s)
{
	struct names parts[TOP_MAX] = { 0 };
	uint32_t n = 0;

	for (int top = 0; top < TOP_MAX; top++) {
		if (!list_parts(p, s, top, &parts[top]))
			return false;
		n += parts[top].all.n;
	}
	s->slots = NEW(p->mem, struct slot, n);
	for (int top = 0; top < TOP_MAX; top++)
		add_slots(s, top, &parts[top]);
	return true;
}

static int compare_rows(const void *a, const void *b)
{
	return str_cmp(((const struct change_row *)a)->path, ((const struct change_row *)b)->path);
}

static bool collect(struct output_pass *p, const struct settle *s, struct changes *out)
{
	bool sound = true;

	for (uint32_t i = 0; i < s->n_slots; i++) {
		struct slot *slot = &s->slots[i];

		for (uint32_t r = 0; r < slot->changes.all.n; r++)
			vec_add(p->mem, &out->all, slot->changes.all.at[r]);
		out->objects_new += slot->changes.objects_new;
		out->objects_changed += slot->changes.objects_changed;
		out->objects_removed += slot->changes.objects_removed;
		sound &= !slot->refused;
		diags_merge(p->diags, &slot->diags);
		arena_adopt(p->mem, slot->mem);
	}
	sort_stable(p->mem, out->all.at, out->all.n, sizeof *out->all.at, compare_rows);
	return sound;
}

/* Somebody else's .gitattributes stands: they know their repository. */
static bool settle_attributes(struct output_pass *p, const struct folder *root,
			      const struct output_file *file, struct changes *out)
{
	enum entry_kind kind;
	enum change change;
	struct str text;

	if (!folder_look(p->diags, root, file->path, &kind))
		return false;
	change = kind == ENTRY_NONE ? CHANGE_NEW : CHANGE_SAME;
	if (kind == ENTRY_FILE) {
		if (!folder_read(p->mem, p->diags, root, file->path, LIMIT_FILE_BYTES, &text))
			return false;
		if (attributes_are_ours(text) && !str_eq(text, file->bytes))
			change = CHANGE_CHANGED;
	}
	vec_add(p->mem, &out->all,
		((struct change_row){ .change = change, .path = file->path, .file = file }));
	return true;
}

/* Where a crash left the file system between two names, the old tree stands aside (publish.c). */
static bool open_top(struct diags *d, const struct folder *root, int top, struct folder *out)
{
	struct str name = str_of(tops[top].name);
	enum entry_kind kind;

	out->fd = -1;
	if (!folder_look(d, root, name, &kind))
		return false;
	if (kind == ENTRY_NONE)
		name = str_of(tops[top].aside);
	if (kind == ENTRY_FILE || kind == ENTRY_OTHER)
		return refuse_foreign(d, folder_path(d->mem, root, name));
	return root->fd < 0 || folder_enter(d, root, name, out);
}

static bool settle_root(struct output_pass *p, const struct folder *root,
			const struct fileset *files, struct changes *out)
{
	struct range top = files_below(files, S(ATTRIBUTES));
	struct settle s = { .files = files };
	bool sound = true, open = true;

	for (uint32_t i = top.from; i < top.to; i++)
		sound &= settle_attributes(p, root, &files->all.at[i], out);
	for (int t = 0; t < TOP_MAX; t++)
		open &= open_top(p->diags, root, t, &s.tops[t]);
	if (open && make_slots(p, &s)) {
		pool_map(p->pool, s.n_slots, settle_part, &s);
		sound &= collect(p, &s, out);
	} else {
		sound = false;
	}
	for (int t = 0; t < TOP_MAX; t++)
		folder_close(&s.tops[t]);
	return sound;
}

bool output_settle(struct output_pass *p, const char *out_dir, const struct fileset *files,
		   struct changes *out)
{
	struct folder root;
	bool sound;

	*out = (struct changes){ 0 };
	if (!folder_open(p->diags, root_path(out_dir), &root))
		return false;
	sound = settle_root(p, &root, files, out);
	folder_close(&root);
	return sound;
}
