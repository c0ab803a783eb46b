/*
 * Two sets of files side by side: what came, what went, what changed in it.
 *
 * Files that are equal byte for byte are never looked into. Job i compares cluster i
 * in an arena of its own; grouping and counting read the clusters in order.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "base/sort.h"
#include "tree/json.h"
#include "tree/yaml.h"

struct files_of {
	const struct output_file *at;
	uint32_t n;
};

struct comparing {
	const struct diff_side *base, *head;
	struct diff *out;
	struct files_of *old, *new; /* of each cluster */
	struct arena **arenas;
};

/* Clusters of both sides. */

/* clusters/<cluster>/ as output_path writes it. */
static struct str folder_of(struct arena *mem, struct str cluster)
{
	static const struct object_key any = { { "g", 1 }, { "k", 1 }, { "s", 1 }, { "n", 1 } };
	struct str path = output_path(mem, cluster, &any);

	return str_slice(path, 0, path.n - (uint32_t)(sizeof "s/k.g.n.yaml" - 1));
}

static struct files_of files_in(const struct fileset *set, struct str folder)
{
	uint32_t from = 0, to = set->clusters.n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		const struct cluster_files *one = &set->clusters.at[middle];
		int order = str_cmp(one->folder, folder);

		if (!order)
			return (struct files_of){ set->all.at + one->from, one->to - one->from };
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return (struct files_of){ NULL, 0 };
}

static const struct cluster_plan *cluster_at(const struct plan *plan, uint32_t i)
{
	return i < plan->n_clusters ? &plan->clusters[i] : NULL;
}

/* Both plans have their clusters in the order of the names. */
static void list_clusters(struct arena *mem, struct comparing *c)
{
	const struct plan *old = c->base->plan, *new = c->head->plan;
	uint32_t i = 0, k = 0, most = old->n_clusters + new->n_clusters;

	c->out->clusters = NEW(mem, struct diff_cluster, most);
	c->old = NEW(mem, struct files_of, most);
	c->new = NEW(mem, struct files_of, most);
	while (i < old->n_clusters || k < new->n_clusters) {
		const struct cluster_plan *a = cluster_at(old, i), *b = cluster_at(new, k);
		int order = !a ? 1 : !b ? -1 : str_cmp(a->cluster->name, b->cluster->name);
		uint32_t n = c->out->n_clusters++;
		struct diff_cluster *one = &c->out->clusters[n];

		one->old = order <= 0 ? a : NULL;
		one->new = order >= 0 ? b : NULL;
		if (!one->old && !one->new)
			BUG("a cluster of no side");
		one->name = (one->new ? one->new : one->old)->cluster->name;
		i += one->old != NULL;
		k += one->new != NULL;
		if (one->old)
			c->old[n] = files_in(c->base->fileset, folder_of(mem, one->name));
		if (one->new)
			c->new[n] = files_in(c->head->fileset, folder_of(mem, one->name));
	}
}

/* Objects. */

static void add_change(struct arena *mem, struct diff_cluster *cluster,
		       const struct output_file *old, const struct output_file *new)
{
	struct diff_change *change;

	if (!(new ? new : old)->object)
		return; /* MESHC.index: it follows from the rest */
	change = vec_push(mem, &cluster->changes);
	change->op = !old ? DIFF_ADD : !new ? DIFF_REMOVE : DIFF_MODIFY;
	change->old = old;
	change->new = new;
}

static void find_changes(struct arena *mem, struct diff_cluster *cluster, struct files_of old,
			 struct files_of new)
{
	uint32_t i = 0, k = 0;

	for (;;) {
		const struct output_file *a = i < old.n ? &old.at[i] : NULL,
					 *b = k < new.n ? &new.at[k] : NULL;
		int order;

		if (!a && !b)
			return;
		order = !a ? 1 : !b ? -1 : str_cmp(a->path, b->path);
		i += order <= 0;
		k += order >= 0;
		if (order || !str_eq(a->bytes, b->bytes))
			add_change(mem, cluster, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
	}
}

/* A list of requirements is text: one item per line. */
static struct node *lines_of(struct arena *mem, struct str text)
{
	struct node *out = node_map(mem, (struct span){ 0 });
	struct node *list = node_seq(mem, (struct span){ 0 });

	while (text.n) {
		int64_t end = str_find(text, '\n');
		uint32_t n = end < 0 ? text.n : (uint32_t)end;
		char *line = NEW(mem, char, n + 1);

		for (uint32_t i = 0; i < n; i++)
			line[i] = text.p[i] == '\t' ? ' ' : text.p[i];
		node_add(mem, list, node_string(mem, (struct str){ line, n }, (struct span){ 0 }));
		text = str_slice(text, n + (end >= 0), text.n);
	}
	node_put(mem, out, S("required"), list);
	return out;
}

/* What our own writer wrote is read back without a finding. */
static struct node *read_back(struct arena *mem, const struct output_file *file)
{
	struct files files = files_new(mem);
	struct diags diags = diags_new(mem);
	struct documents documents = { 0 };
	uint32_t id;

	if (file->beside)
		return lines_of(mem, file->bytes);
	id = files_add(&files, file->path, file->bytes);
	yaml_read(mem, &diags, files_get(&files, id), &documents);
	if (diags.errors || documents.all.n != 1)
		BUG("%.*s cannot be read back", STR(file->path));
	return documents.all.at[0].root;
}

void change_edits(struct arena *mem, const struct diff_change *change, struct edits *out)
{
	if (change->old && change->new)
		node_compare(mem, read_back(mem, change->old), read_back(mem, change->new), out);
}

/* Everything but what the object is called and of which version its API is. */
static struct str nameless(struct arena *mem, const struct output_file *file)
{
	const struct object_key *key = &file->object->key;
	struct node *root = read_back(mem, file), *metadata = node_get(root, S("metadata"));
	struct buf out = buf_new(mem, 0);

	for (uint32_t i = 0; metadata && i < metadata->n; i++) {
		struct str name = metadata->u.pairs[i].key;

		if (str_eq(name, S("name")) || str_eq(name, S("namespace")))
			metadata->u.pairs[i].value = node_string(mem, S(""), (struct span){ 0 });
	}
	buf_format(&out, "%.*s.%.*s\n", STR(key->kind), STR(key->group));
	json_write(&out, root, false);
	return buf_view(&out);
}

/* Kind, namespace and name: the same in another group is the same thing in another API. */
static struct str groupless(struct arena *mem, const struct output_file *file)
{
	const struct object_key *key = &file->object->key;

	return str_join(mem, key->kind, S("\n"), key->space, S("\n"), key->name);
}

static void join(struct diff_cluster *cluster, enum diff_op op,
		 struct str (*what)(struct arena *, const struct output_file *))
{
	struct arena *scratch = arena_new();
	struct map gone = map_new(scratch);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < cluster->changes.n; i++) {
		struct diff_change *c = &cluster->changes.at[i];

		if (c->op == DIFF_REMOVE && !c->old->beside)
			*map_put(&gone, what(scratch, c->old)) = c;
	}
	for (uint32_t i = 0; i < cluster->changes.n && gone.n; i++) {
		struct diff_change *c = &cluster->changes.at[i], *old;
		void **slot;

		if (c->op != DIFF_ADD || c->new->beside)
			continue;
		slot = map_put(&gone, what(scratch, c->new));
		old = *slot;
		*slot = NULL;
		if (!old)
			continue;
		c->op = op;
		c->old = old->old;
		old->old = NULL;
	}
	for (uint32_t i = 0; i < cluster->changes.n; i++)
		if (cluster->changes.at[i].old || cluster->changes.at[i].new)
			cluster->changes.at[kept++] = cluster->changes.at[i];
	cluster->changes.n = kept;
	arena_free(scratch);
}

static bool adds_and_removes(const struct diff_cluster *cluster)
{
	uint32_t added = 0, removed = 0;

	for (uint32_t i = 0; i < cluster->changes.n; i++) {
		added += cluster->changes.at[i].op == DIFF_ADD;
		removed += cluster->changes.at[i].op == DIFF_REMOVE;
	}
	return added && removed;
}

static void count_changes(struct diff_cluster *cluster)
{
	for (uint32_t i = 0; i < cluster->changes.n; i++) {
		const struct diff_change *c = &cluster->changes.at[i];

		if ((c->new ? c->new : c->old)->beside)
			continue;
		cluster->added += c->op == DIFF_ADD || c->op == DIFF_REPLACE || c->op == DIFF_MOVE;
		cluster->changed += c->op == DIFF_MODIFY;
		cluster->removed +=
			c->op == DIFF_REMOVE || c->op == DIFF_REPLACE || c->op == DIFF_MOVE;
	}
}

static void compare_cluster(uint32_t i, void *cx)
{
	struct comparing *x = cx;
	struct diff_cluster *cluster = &x->out->clusters[i];
	struct arena *mem = arena_new();

	x->arenas[i] = mem;
	find_changes(mem, cluster, x->old[i], x->new[i]);
	if (!cluster->changes.n)
		return;
	if (adds_and_removes(cluster)) {
		join(cluster, DIFF_REPLACE, groupless);
		join(cluster, DIFF_MOVE, nameless);
	}
	count_changes(cluster);
	cluster->tokens = token_list(mem, cluster->old, cluster->new);
	for (uint32_t n = 0; n < cluster->changes.n; n++)
		cluster->changes.at[n].cluster = i;
	effect_find(mem, x->base, x->head, cluster);
}

void diff_make(struct arena *mem, struct pool *pool, const struct diff_side *base,
	       const struct diff_side *head, struct diff *out)
{
	struct comparing x = { .base = base, .head = head, .out = out };

	*out = (struct diff){ .base = base, .head = head };
	list_clusters(mem, &x);
	x.arenas = NEW(mem, struct arena *, out->n_clusters);
	pool_map(pool, out->n_clusters, compare_cluster, &x);
	for (uint32_t i = 0; i < out->n_clusters; i++)
		arena_adopt(mem, x.arenas[i]);
	sign_changes(mem, pool, out);
	group_make(mem, out);
	cause_find(mem, pool, out);
	group_sort(mem, out);
	count_all(mem, out);
}
