/*
 * Trees in few words, and how durations and percentages are written.
 *
 * Numbers are printed from integers: no float and no locale comes near them.
 */
#include "base/base.h"
#include "target/local.h"

enum { NS_DIGITS = 9, PPM_DIGITS = 4 };

static int64_t power_of_ten(uint32_t n)
{
	return n ? 10 * power_of_ten(n - 1) : 1;
}

/* value / 10^digits with no zeros at its end: 125000, 4 -> 12.5 */
static struct str decimal_text(struct arena *mem, int64_t value, uint32_t digits)
{
	int64_t unit = power_of_ten(digits), whole = value / unit, rest = value % unit;

	if (value < 0)
		BUG("negative amount %" PRId64, value);
	if (!rest)
		return str_int(mem, whole);
	while (rest % 10 == 0) {
		rest /= 10;
		digits--;
	}
	return str_format(mem, "%" PRId64 ".%0*" PRId64, whole, (int)digits, rest);
}

struct str duration_text(struct arena *mem, int64_t ns)
{
	struct str seconds = decimal_text(mem, ns, NS_DIGITS);

	return str_join(mem, seconds, S("s"));
}

struct str percent_text(struct arena *mem, int64_t ppm)
{
	return decimal_text(mem, ppm, PPM_DIGITS);
}

struct node *put_map(struct lowering *lw, struct node *map, struct str key, struct span at)
{
	struct node *child = node_map(lw->mem, at);

	node_put(lw->mem, map, key, child);
	return child;
}

struct node *put_seq(struct lowering *lw, struct node *map, struct str key, struct span at)
{
	struct node *child = node_seq(lw->mem, at);

	node_put(lw->mem, map, key, child);
	return child;
}

struct node *add_map(struct lowering *lw, struct node *seq, struct span at)
{
	struct node *child = node_map(lw->mem, at);

	node_add(lw->mem, seq, child);
	return child;
}

void add_text(struct lowering *lw, struct node *seq, struct str text, struct span at)
{
	node_add(lw->mem, seq, node_string(lw->mem, text, at));
}

void put_text(struct lowering *lw, struct node *map, struct str key, struct str text,
	      struct span at)
{
	node_put(lw->mem, map, key, node_string(lw->mem, text, at));
}

void put_int(struct lowering *lw, struct node *map, struct str key, int64_t value, struct span at)
{
	node_put(lw->mem, map, key, node_int(lw->mem, value, at));
}

void put_bool(struct lowering *lw, struct node *map, struct str key, bool value, struct span at)
{
	node_put(lw->mem, map, key, node_bool(lw->mem, value, at));
}

void put_duration(struct lowering *lw, struct node *map, struct str key, int64_t ns, struct span at)
{
	put_text(lw, map, key, duration_text(lw->mem, ns), at);
}

/* Whole ones as integers, as a YAML reader would see them. */
void put_percent(struct lowering *lw, struct node *map, struct str key, int64_t ppm, struct span at)
{
	struct str text = percent_text(lw->mem, ppm);
	bool whole = str_find(text, '.') == -1;

	node_put(lw->mem, map, key,
		 whole ? node_int(lw->mem, ppm / power_of_ten(PPM_DIGITS), at)
		       : node_float(lw->mem, text, at));
}

void put_labels(struct lowering *lw, struct node *map, struct str key, const struct labels *labels,
		struct span at)
{
	struct node *child = put_map(lw, map, key, at);

	for (uint32_t i = 0; i < labels->n; i++)
		put_text(lw, child, labels->at[i].key, labels->at[i].value, at);
}

void put_texts(struct lowering *lw, struct node *map, struct str key, const struct texts *texts)
{
	struct node *child;

	if (!texts->n)
		return;
	child = put_seq(lw, map, key, texts->at);
	for (uint32_t i = 0; i < texts->n; i++)
		add_text(lw, child, texts->item[i].s, texts->item[i].at);
}

void put_text_map(struct lowering *lw, struct node *map, struct str key,
		  const struct text_map *pairs)
{
	struct node *child;

	if (!pairs->n)
		return;
	child = put_map(lw, map, key, pairs->at);
	for (uint32_t i = 0; i < pairs->n; i++)
		put_text(lw, child, pairs->item[i].key.s, pairs->item[i].value.s,
			 pairs->item[i].value.at);
}
