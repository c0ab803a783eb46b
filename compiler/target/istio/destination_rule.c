/*
 * How callers connect to a destination -> DestinationRule.
 *
 * A service of another cluster always has one: the gateways on the way route by
 * the SNI of Istio's own TLS, and only the identities of its workloads may answer.
 */
#include "base/base.h"
#include "target/istio/local.h"

static const char *const tls_modes[] = {
	[TLS_MODE_DISABLE] = "DISABLE",
	[TLS_MODE_SIMPLE] = "SIMPLE",
	[TLS_MODE_ISTIO_MUTUAL] = "ISTIO_MUTUAL",
};

static void put_given(struct lowering *lw, struct node *map, struct str key,
		      const struct number *number)
{
	if (given(*number))
		put_int(lw, map, key, number->v, number->at);
}

static void put_given_duration(struct lowering *lw, struct node *map, struct str key,
			       const struct number *number)
{
	if (given(*number))
		put_duration(lw, map, key, number->v, number->at);
}

static void put_keepalive(struct lowering *lw, struct node *policy,
			  const struct tcp_keepalive *keepalive)
{
	struct node *map, *pool;

	if (!keepalive)
		return;
	map = node_map(lw->mem, keepalive->at);
	put_given(lw, map, S("probes"), &keepalive->probes);
	put_given_duration(lw, map, S("time"), &keepalive->time);
	put_given_duration(lw, map, S("interval"), &keepalive->interval);
	if (!map->n)
		return;
	pool = put_map(lw, policy, S("connectionPool"), keepalive->at);
	node_put(lw->mem, put_map(lw, pool, S("tcp"), keepalive->at), S("tcpKeepalive"), map);
}

static void put_outlier(struct lowering *lw, struct node *policy, const struct effect *client)
{
	const struct outlier_detection *o = effect_outlier(client);
	struct node *map;

	if (!o)
		return;
	map = put_map(lw, policy, S("outlierDetection"), client->at[FEATURE_OUTLIER_DETECTION]);
	put_int(lw, map, S("consecutive5xxErrors"), o->consecutive_errors.v, map->at);
	put_duration(lw, map, S("interval"), o->interval.v, map->at);
	put_duration(lw, map, S("baseEjectionTime"), o->base_ejection_time.v, map->at);
	put_int(lw, map, S("maxEjectionPercent"), o->max_ejection_percent.v, map->at);
}

static void put_remote_tls(struct lowering *lw, struct node *policy, const struct import *import)
{
	struct span at = import->virtual_mesh->at;
	struct node *tls = put_map(lw, policy, S("tls"), at), *names;

	put_text(lw, tls, S("mode"), S("ISTIO_MUTUAL"), at);
	if (!import->identities.n)
		return;
	names = put_seq(lw, tls, S("subjectAltNames"), at);
	for (uint32_t i = 0; i < import->identities.n; i++)
		add_text(lw, names,
			 str_join(lw->mem, S("spiffe://"),
				  istio_principal(lw, &import->identities.at[i])),
			 at);
}

/* Where nobody says a mode, Istio finds out by itself: it is left to do so. */
static void put_local_tls(struct lowering *lw, struct node *policy, const struct effect *client)
{
	const struct mtls_policy *mtls = effect_mtls(client);
	struct node *tls;

	if (!mtls || !mtls->istio)
		return;
	tls = put_map(lw, policy, S("tls"), client->at[FEATURE_MTLS]);
	put_text(lw, tls, S("mode"), str_of(tls_modes[mtls->istio->tls_mode.v]),
		 mtls->istio->tls_mode.at);
}

void istio_subsets(struct lowering *lw, struct node *spec, const struct subset *subsets, uint32_t n)
{
	struct node *list;

	if (!n)
		return;
	list = put_seq(lw, spec, S("subsets"), spec->at);
	for (uint32_t i = 0; i < n; i++) {
		struct node *item = add_map(lw, list, subsets[i].at);

		put_text(lw, item, S("name"), subsets[i].name, subsets[i].at);
		put_labels(lw, item, S("labels"), &subsets[i].labels, subsets[i].at);
	}
}

static struct node *spec_of(struct lowering *lw, const struct destination_plan *d)
{
	struct node *spec = node_map(lw->mem, d->service->at),
		    *policy = node_map(lw->mem, spec->at);

	put_text(lw, spec, S("host"), d->host, spec->at);
	if (d->remote)
		put_keepalive(lw, policy, d->import->keepalive);
	put_outlier(lw, policy, &d->client);
	if (d->remote)
		put_remote_tls(lw, policy, d->import);
	else
		put_local_tls(lw, policy, &d->client);
	if (policy->n)
		node_put(lw->mem, spec, S("trafficPolicy"), policy);
	istio_subsets(lw, spec, d->subsets.at, d->subsets.n);
	return spec;
}

void istio_destination_rule(struct lowering *lw, const struct destination_plan *d)
{
	struct str name = istio_name(lw, d);
	struct spaces spaces = istio_spaces(lw, d);
	struct node *spec = spec_of(lw, d);

	/* A host alone says nothing. */
	if (spec->n == 1)
		return;
	for (uint32_t i = 0; i < spaces.all.n; i++) {
		struct object *object = istio_object(lw, ISTIO_DESTINATION_RULE, spaces.all.at[i],
						     name, spec->at, spec);

		ADD_SOURCES(lw, object, d->sources);
		for (uint32_t s = 0; s < d->subsets.n; s++)
			ADD_SOURCES(lw, object, d->subsets.at[s].sources);
		if (d->remote)
			add_source(lw, object, d->import->virtual_mesh);
	}
}
