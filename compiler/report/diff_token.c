/*
 * Names that are one cluster's own: replaced, a change says the same in every cluster.
 *
 *	reviews.bookinfo.svc.cluster-1.global   ->   reviews.bookinfo.svc.<cluster>.global
 *
 * Only whole words count: `c1` is not part of `abc1`.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "base/sort.h"

struct token {
	struct str text;
	const char *stands; /* "<cluster>" */
};

struct diff_tokens {
	VEC(struct token) all; /* longest first */
	bool starts[256];
};

static void add(struct arena *mem, struct diff_tokens *out, struct str text, const char *stands)
{
	if (text.n < 2)
		return;
	for (uint32_t i = 0; i < out->all.n; i++)
		if (str_eq(out->all.at[i].text, text))
			return;
	vec_add(mem, &out->all, ((struct token){ text, stands }));
	out->starts[(unsigned char)text.p[0]] = true;
}

/* The addresses under which others reach the cluster: its gateways, and what its services are called elsewhere. */
static void add_addresses(struct arena *mem, struct diff_tokens *out, const struct cluster_plan *c)
{
	for (uint32_t i = 0; i < c->gateways.n; i++)
		for (uint32_t a = 0; a < c->gateways.at[i].addresses.n; a++)
			add(mem, out, c->gateways.at[i].addresses.at[a], "<address>");
}

static void add_cluster(struct arena *mem, struct diff_tokens *out, const struct cluster_plan *c)
{
	const struct cluster *cluster = c->cluster;

	add(mem, out, cluster->name, "<cluster>");
	add(mem, out, cluster->network, "<network>");
	add(mem, out, cluster->locality.region, "<region>");
	add(mem, out, cluster->locality.zone, "<zone>");
	for (uint32_t i = 0; i < cluster->meshes.n; i++)
		if (!str_eq(cluster->meshes.at[i]->trust_domain, S("cluster.local")))
			add(mem, out, cluster->meshes.at[i]->trust_domain, "<trust-domain>");
	add_addresses(mem, out, c);
}

static int by_length(const void *left, const void *right)
{
	const struct token *l = left, *r = right;

	if (l->text.n != r->text.n)
		return l->text.n > r->text.n ? -1 : 1;
	return str_cmp(l->text, r->text);
}

struct diff_tokens *token_list(struct arena *mem, const struct cluster_plan *old,
			       const struct cluster_plan *new)
{
	struct diff_tokens *out = NEW(mem, struct diff_tokens, 1);

	if (new)
		add_cluster(mem, out, new);
	if (old)
		add_cluster(mem, out, old);
	sort_stable(mem, out->all.at, out->all.n, sizeof *out->all.at, by_length);
	return out;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static const struct token *token_at(const struct diff_tokens *tokens, struct str text, uint32_t i)
{
	struct str rest = str_slice(text, i, text.n);

	if (!tokens->starts[(unsigned char)text.p[i]] || (i && is_word(text.p[i - 1])))
		return NULL;
	for (uint32_t t = 0; t < tokens->all.n; t++) {
		struct str word = tokens->all.at[t].text;

		if (str_starts(rest, word) && (rest.n == word.n || !is_word(rest.p[word.n])))
			return &tokens->all.at[t];
	}
	return NULL;
}

struct str diff_abstract(struct arena *mem, const struct diff_tokens *tokens, struct str text)
{
	struct buf out = buf_new(mem, 0);
	uint32_t done = 0;

	for (uint32_t i = 0; i < text.n;) {
		const struct token *token = token_at(tokens, text, i);

		if (!token) {
			i++;
			continue;
		}
		buf_put(&out, text.p + done, i - done);
		buf_str(&out, str_of(token->stands));
		i += token->text.n;
		done = i;
	}
	if (!done)
		return text;
	buf_put(&out, text.p + done, text.n - done);
	return buf_view(&out);
}
