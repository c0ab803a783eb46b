/*
 * Pods that have some labels and lack some combinations of others, as selectors.
 *
 * A selector leaves out single labels and no combination of them. Lacking "a and b" is
 * lacking a, or having a and lacking b: two selectors that no pod satisfies both.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/sort.h"

static struct labels with_label(struct arena *mem, const struct labels *labels, struct label one)
{
	struct labels out = { NEW(mem, struct label, (size_t)labels->n + 1), 0 };
	uint32_t i = 0;

	while (i < labels->n && str_cmp(labels->at[i].key, one.key) < 0)
		out.at[out.n++] = labels->at[i++];
	if (i < labels->n && str_eq(labels->at[i].key, one.key))
		i++;
	out.at[out.n++] = one;
	while (i < labels->n)
		out.at[out.n++] = labels->at[i++];
	return out;
}

struct labels labels_unite(struct arena *mem, const struct labels *a, const struct labels *b)
{
	struct labels out = *a;

	for (uint32_t i = 0; i < b->n; i++)
		out = with_label(mem, &out, b->at[i]);
	return out;
}

static bool has_label(const struct labels *labels, const struct label *one)
{
	struct str value = label_get(labels, one->key);

	return value.p && str_eq(value, one->value);
}

bool pods_have(const struct pod_selector *pods, const struct labels *labels)
{
	for (uint32_t i = 0; i < pods->with.n; i++)
		if (!has_label(labels, &pods->with.at[i]))
			return false;
	for (uint32_t i = 0; i < pods->without.n; i++)
		if (has_label(labels, &pods->without.at[i]))
			return false;
	return true;
}

/* The labels of the combination that `with` leaves open. false: no pod that has `with` has them all. */
static bool open_labels(struct arena *mem, const struct labels *with,
			const struct labels *combination, struct labels *out)
{
	*out = (struct labels){ NEW(mem, struct label, combination->n), 0 };
	for (uint32_t i = 0; i < combination->n; i++) {
		struct str value = label_get(with, combination->at[i].key);

		if (!value.p)
			out->at[out->n++] = combination->at[i];
		else if (!str_eq(value, combination->at[i].value))
			return false;
	}
	return true;
}

static int by_label(const void *a, const void *b)
{
	const struct label *x = a, *y = b;
	int order = str_cmp(x->key, y->key);

	return order ? order : str_cmp(x->value, y->value);
}

/* Every combination is of one label. */
static void add_selector(struct arena *mem, const struct labels *with,
			 const struct labels_list *lacking, struct pod_selectors *out)
{
	struct pod_selector *one = vec_push(mem, out);
	uint32_t n = 0;

	one->with = *with;
	for (uint32_t i = 0; i < lacking->n; i++)
		vec_add(mem, &one->without, lacking->at[i].at[0]);
	sort_stable(mem, one->without.at, one->without.n, sizeof *one->without.at, by_label);
	for (uint32_t i = 0; i < one->without.n; i++)
		if (!n || by_label(&one->without.at[n - 1], &one->without.at[i]))
			one->without.at[n++] = one->without.at[i];
	one->without.n = n;
}

void pods_without(struct arena *mem, const struct labels *with, const struct labels_list *lacking,
		  struct pod_selectors *out)
{
	struct labels_list open = { 0 };
	struct labels *wide = NULL, whole, more;

	for (uint32_t i = 0; i < lacking->n; i++) {
		struct labels rest;

		if (!open_labels(mem, with, &lacking->at[i], &rest))
			continue;
		if (!rest.n)
			return; /* whoever has `with` has these */
		vec_add(mem, &open, rest);
	}
	for (uint32_t i = 0; i < open.n && !wide; i++)
		wide = open.at[i].n > 1 ? &open.at[i] : NULL;
	if (!wide) {
		add_selector(mem, with, &open, out);
		return;
	}
	whole = *wide;
	more = with_label(mem, with, whole.at[0]);
	wide->n = 1;
	pods_without(mem, with, &open, out);
	*wide = whole;
	pods_without(mem, &more, &open, out);
}
