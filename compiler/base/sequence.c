/*
 * Myers' greedy algorithm between the ends that are equal, as far as differences
 * are short. Longer ones are first cut at what occurs once on either side, in the
 * order in which most of it agrees (patience). So the cost stays near linear.
 */
#include "base/base.h"
#include "base/sequence.h"

#include "base/map.h"

#define EDITS_MOST 512u /* beyond, Myers' steps are quadratic in them */
#define DEPTH_MOST 24u

struct compare {
	struct arena *mem;
	const uint32_t *old, *new; /* equal texts have equal numbers */
	uint32_t n_names;
	struct sequence_runs *out;
};

struct stretch {
	uint32_t old_from, old_to, new_from, new_to;
};

static void emit(struct compare *c, struct stretch s)
{
	struct sequence_run *last = c->out->all.n ? &c->out->all.at[c->out->all.n - 1] : NULL;

	if (s.old_from == s.old_to && s.new_from == s.new_to)
		return;
	if (last && last->old_at + last->old_n == s.old_from &&
	    last->new_at + last->new_n == s.new_from) {
		last->old_n += s.old_to - s.old_from;
		last->new_n += s.new_to - s.new_from;
		return;
	}
	vec_add(c->mem, &c->out->all,
		((struct sequence_run){ s.old_from, s.old_to - s.old_from, s.new_from,
					s.new_to - s.new_from }));
}

static struct stretch trimmed(const struct compare *c, struct stretch s)
{
	while (s.old_from < s.old_to && s.new_from < s.new_to &&
	       c->old[s.old_from] == c->new[s.new_from]) {
		s.old_from++;
		s.new_from++;
	}
	while (s.old_from < s.old_to && s.new_from < s.new_to &&
	       c->old[s.old_to - 1] == c->new[s.new_to - 1]) {
		s.old_to--;
		s.new_to--;
	}
	return s;
}

/* Row d of the trace: how far diagonals -d, -d + 2, ... d get with d edits; d + 1 numbers. */
static int32_t *row_of(int32_t *trace, int32_t d)
{
	return trace + (ptrdiff_t)d * (d + 1) / 2;
}

static bool comes_from_above(const int32_t *before, int32_t d, int32_t i)
{
	return i == 0 || (i < d && before[i - 1] < before[i]);
}

/* The furthest place on diagonal number i of row d, before what is equal there. */
static int32_t step(int32_t *trace, int32_t d, int32_t i)
{
	const int32_t *before;

	if (!d)
		return 0;
	before = row_of(trace, d - 1);
	return comes_from_above(before, d, i) ? before[i] : before[i - 1] + 1;
}

/* Number of edits, -1: more than `most`. */
static int32_t search(const struct compare *c, struct stretch s, int32_t most, int32_t *trace)
{
	int32_t n = (int32_t)(s.old_to - s.old_from), m = (int32_t)(s.new_to - s.new_from);

	for (int32_t d = 0; d <= most; d++) {
		int32_t *row = row_of(trace, d);

		for (int32_t i = 0; i <= d; i++) {
			int32_t k = 2 * i - d, x = step(trace, d, i), y = x - k;

			while (x < n && y >= 0 && y < m &&
			       c->old[s.old_from + (uint32_t)x] ==
				       c->new[s.new_from + (uint32_t)y]) {
				x++;
				y++;
			}
			row[i] = x;
			if (x >= n && y >= m)
				return d;
		}
	}
	return -1;
}

/* Marks what was removed and added, from the end of the path to its start. */
static void mark(int32_t *trace, int32_t d, struct stretch s, bool *gone, bool *come)
{
	int32_t x = (int32_t)(s.old_to - s.old_from), y = (int32_t)(s.new_to - s.new_from);

	for (; d > 0; d--) {
		const int32_t *before = row_of(trace, d - 1);
		int32_t i = (x - y + d) / 2;

		if (comes_from_above(before, d, i)) {
			x = before[i];
			y = x - (2 * i - d) - 1;
			come[y] = true;
		} else {
			x = before[i - 1];
			y = x - (2 * i - d) + 1;
			gone[x] = true;
		}
	}
}

static void emit_marked(struct compare *c, struct stretch s, const bool *gone, const bool *come)
{
	uint32_t x = 0, y = 0, n = s.old_to - s.old_from, m = s.new_to - s.new_from;

	while (x < n || y < m) {
		struct stretch run = { s.old_from + x, 0, s.new_from + y, 0 };

		while (x < n && gone[x])
			x++;
		while (y < m && come[y])
			y++;
		run.old_to = s.old_from + x;
		run.new_to = s.new_from + y;
		emit(c, run);
		x += x < n;
		y += y < m;
	}
}

static bool is_short(struct compare *c, struct stretch s)
{
	struct arena *scratch = arena_new();
	uint32_t all = s.old_to - s.old_from + s.new_to - s.new_from;
	uint32_t most = all < EDITS_MOST ? all : EDITS_MOST;
	int32_t *trace = NEW(scratch, int32_t, (size_t)(most + 1) * (most + 2) / 2);
	int32_t d = search(c, s, (int32_t)most, trace);

	if (d >= 0) {
		bool *gone = NEW(scratch, bool, s.old_to - s.old_from + 1);
		bool *come = NEW(scratch, bool, s.new_to - s.new_from + 1);

		mark(trace, d, s, gone, come);
		emit_marked(c, s, gone, come);
	}
	arena_free(scratch);
	return d >= 0;
}

struct seen {
	uint32_t old_n, new_n, new_at;
};

struct anchor {
	uint32_t old_at, new_at, before; /* before: the anchor it follows + 1; 0: none */
};

struct anchors {
	VEC(struct anchor) all;
};

/* What stands once on either side, in the order of the old one. */
static void find_anchors(const struct compare *c, struct stretch s, struct arena *scratch,
			 struct anchors *out)
{
	struct seen *seen = NEW(scratch, struct seen, c->n_names);

	for (uint32_t i = s.old_from; i < s.old_to; i++)
		seen[c->old[i]].old_n++;
	for (uint32_t i = s.new_from; i < s.new_to; i++) {
		seen[c->new[i]].new_n++;
		seen[c->new[i]].new_at = i;
	}
	for (uint32_t i = s.old_from; i < s.old_to; i++) {
		const struct seen *one = &seen[c->old[i]];

		if (one->old_n == 1 && one->new_n == 1)
			vec_add(scratch, &out->all, ((struct anchor){ i, one->new_at, 0 }));
	}
}

/* The longest run of anchors that ascend on both sides. Returns its last one + 1. */
static uint32_t longest(struct anchors *a, struct arena *scratch)
{
	uint32_t *ends = NEW(scratch, uint32_t, a->all.n + 1), n = 0;

	for (uint32_t i = 0; i < a->all.n; i++) {
		uint32_t from = 0, to = n;

		while (from < to) {
			uint32_t middle = from + (to - from) / 2;

			if (a->all.at[ends[middle]].new_at < a->all.at[i].new_at)
				from = middle + 1;
			else
				to = middle;
		}
		a->all.at[i].before = from ? ends[from - 1] + 1 : 0;
		ends[from] = i;
		n = from == n ? n + 1 : n;
	}
	return n ? ends[n - 1] + 1 : 0;
}

static void compare(struct compare *c, struct stretch s, uint32_t depth);

/* false: nothing to cut at. */
static bool cut(struct compare *c, struct stretch s, uint32_t depth)
{
	struct arena *scratch = arena_new();
	struct anchors anchors = { 0 };
	VEC(uint32_t) chain = { 0 };
	uint32_t last;

	find_anchors(c, s, scratch, &anchors);
	last = longest(&anchors, scratch);
	for (uint32_t i = last; i; i = anchors.all.at[i - 1].before)
		vec_add(scratch, &chain, i - 1);
	for (uint32_t i = chain.n; i-- > 0;) {
		const struct anchor *a = &anchors.all.at[chain.at[i]];

		compare(c, (struct stretch){ s.old_from, a->old_at, s.new_from, a->new_at },
			depth + 1);
		s.old_from = a->old_at + 1;
		s.new_from = a->new_at + 1;
	}
	if (last)
		compare(c, s, depth + 1);
	arena_free(scratch);
	return last;
}

static void compare(struct compare *c, struct stretch s, uint32_t depth)
{
	s = trimmed(c, s);
	if (s.old_from == s.old_to || s.new_from == s.new_to)
		emit(c, s);
	else if (!is_short(c, s) && (depth > DEPTH_MOST || !cut(c, s, depth)))
		emit(c, s);
}

/* Numbers start at 0; the map's values are one more. */
static uint32_t *numbered(struct arena *mem, struct map *names, uint32_t *n_names,
			  struct sequence s)
{
	uint32_t *out = NEW(mem, uint32_t, s.n + 1);

	for (uint32_t i = 0; i < s.n; i++) {
		void **slot = map_put(names, s.at[i]);

		if (!*slot)
			*slot = (void *)(uintptr_t)++ * n_names;
		out[i] = (uint32_t)(uintptr_t)*slot - 1;
	}
	return out;
}

void sequence_diff(struct arena *mem, struct sequence old, struct sequence new,
		   struct sequence_runs *out)
{
	struct arena *scratch = arena_new();
	struct map names = map_new(scratch);
	struct compare c = { .mem = mem, .out = out };

	c.old = numbered(scratch, &names, &c.n_names, old);
	c.new = numbered(scratch, &names, &c.n_names, new);
	compare(&c, (struct stretch){ 0, old.n, 0, new.n }, 0);
	arena_free(scratch);
}

struct sequence sequence_lines(struct arena *mem, struct str text)
{
	VEC(struct str) lines = { 0 };

	while (text.n) {
		int64_t end = str_find(text, '\n');
		uint32_t n = end < 0 ? text.n : (uint32_t)end + 1;

		vec_add(mem, &lines, str_slice(text, 0, n));
		text = str_slice(text, n, text.n);
	}
	return (struct sequence){ lines.at, lines.n };
}
