/*
 * How calls of a service are treated, before and after: routes and their weights, settings,
 * TLS, and through which addresses another cluster is reached.
 *
 * Routes are the same where they match the same requests at the same port.
 */
#include "base/base.h"
#include "report/diff_effect.h"

#include "tree/secret.h"

/* A setting as it is written, on one line. Empty: nobody set it. */
static struct str setting_text(struct arena *mem, const struct diff_side *side, struct span at)
{
	struct buf out = buf_new(mem, 0);
	const struct file *file;
	bool space = false;

	if (!span_set(at))
		return S("");
	file = files_get(side->files, at.file);
	for (uint32_t i = at.start; i < at.end && i < file->text.n; i++) {
		char c = file->text.p[i];

		if (c == ' ' || c == '\n' || c == '\t') {
			space = out.n;
			continue;
		}
		if (space)
			buf_char(&out, ' ');
		space = false;
		buf_char(&out, c);
	}
	return buf_view(&out);
}

static enum diff_risk risk_of(enum feature f)
{
	if (f == FEATURE_REQUEST_TIMEOUT)
		return RISK_TIMEOUT;
	return f == FEATURE_OUTLIER_DETECTION ? RISK_FAILOVER : RISK_SETTING;
}

/* A request that matches, without what its headers prove. */
static struct str witness(struct arena *mem, const struct condition *when)
{
	struct condition shown = condition_copy(mem, when);

	for (uint32_t i = 0; i < shown.headers.n; i++)
		if (secret_name(shown.headers.at[i].name))
			shown.headers.at[i].value =
				(struct match){ .how = MATCH_EXACT, .value = S("(hidden)") };
	return secret_hidden(mem, condition_witness(mem, &shown));
}

/* Routes: "GET /a of `reviews.bookinfo.c1`"; all of them: the service's title alone. */
static struct str subject_of(const struct effects *e, const struct service *service,
			     const struct route *route)
{
	struct str title = str_join(e->mem, S("`"), effect_title(e, service), S("`"));

	if (!route || condition_is_any(&route->when))
		return title;
	return str_format(e->mem, "%.*s (%.*s)", STR(title), STR(witness(e->mem, &route->when)));
}

static void add_setting(struct effects *e, enum feature feature, struct str subject,
			const struct service *service, struct found *f, struct str was,
			struct str is)
{
	f->risk = risk_of(feature);
	if (feature == FEATURE_REQUEST_TIMEOUT)
		f->text = str_format(e->mem, "%.*s: %.*s -> %.*s", STR(subject),
				     STR(was.n ? was : S("none")), STR(is.n ? is : S("none")));
	else
		f->text = str_format(e->mem, "`%s` of %.*s is %s", feature_name(feature),
				     STR(subject),
				     !was.n  ? "set"
				     : !is.n ? "no longer set"
					     : "another");
	effect_for_service(e, service, f);
}

static bool is_compared_apart(enum feature feature)
{
	return feature == FEATURE_TRAFFIC_SHIFT || feature == FEATURE_MTLS;
}

static void compare_settings(struct effects *e, struct str subject, const struct service *service,
			     const struct effect *old, const struct effect *new, struct found f)
{
	for (enum feature feature = 0; feature < SETTING_MAX; feature++) {
		struct str was, is;

		if (is_compared_apart(feature) || (!old->value[feature] && !new->value[feature]))
			continue;
		was = old->value[feature] ? setting_text(e->mem, e->base, old->at[feature]) : S("");
		is = new->value[feature] ? setting_text(e->mem, e->head, new->at[feature]) : S("");
		f.old_at = old->at[feature];
		f.new_at = new->at[feature];
		if (!str_eq(was, is))
			add_setting(e, feature, subject, service, &f, was, is);
	}
}

static struct str backend_text(const struct effects *e, const struct backend *b)
{
	struct str title = effect_title(e, b->service);

	return b->subset.n ? str_join(e->mem, title, S(" "), b->subset) : title;
}

static uint32_t weight_in(const struct effects *e, const struct route *route, struct str backend)
{
	for (uint32_t i = 0; i < route->to.n; i++)
		if (str_eq(backend_text(e, &route->to.at[i]), backend))
			return route->to.at[i].weight;
	return 0;
}

/* "reviews.bookinfo v1 75 %, reviews.bookinfo v2 25 %" */
static struct str weights_of(const struct effects *e, const struct route *route)
{
	struct buf out = buf_new(e->mem, 0);

	for (uint32_t i = 0; i < route->to.n; i++)
		buf_format(&out, "%s%.*s %" PRIu32 " %%", i ? ", " : "",
			   STR(backend_text(e, &route->to.at[i])), route->to.at[i].weight);
	return buf_view(&out);
}

/* "reviews.bookinfo v1 75 -> 65 %, reviews.bookinfo v2 25 -> 35 %"; empty: as it was. */
static struct str weights_changed(const struct effects *e, const struct route *old,
				  const struct route *new)
{
	const struct route *sides[] = { old, new };
	struct buf out = buf_new(e->mem, 0);

	for (int side = 0; side <= 1; side++)
		for (uint32_t i = 0; i < sides[side]->to.n; i++) {
			struct str backend = backend_text(e, &sides[side]->to.at[i]);
			uint32_t was = weight_in(e, old, backend), is = weight_in(e, new, backend);

			if (was == is || (side && was))
				continue;
			buf_format(&out, "%s%.*s %" PRIu32 " -> %" PRIu32 " %%", out.n ? ", " : "",
				   STR(backend), was, is);
		}
	return buf_view(&out);
}

static void compare_route(struct effects *e, const struct service *service, const struct route *old,
			  const struct route *new)
{
	struct str weights = weights_changed(e, old, new), subject = subject_of(e, service, new);
	struct found f = { .risk = RISK_WEIGHTS, .old = &old->sources, .new = &new->sources };

	if (weights.n) {
		f.old_at = old->effect.at[FEATURE_TRAFFIC_SHIFT];
		f.new_at = new->effect.at[FEATURE_TRAFFIC_SHIFT];
		f.text = str_format(e->mem, "%.*s: %.*s", STR(subject), STR(weights));
		effect_for_service(e, service, &f);
	}
	compare_settings(e, subject, service, &old->effect, &new->effect, f);
}

static const struct route *route_like(const struct destination_plan *d, const struct route *route)
{
	for (uint32_t i = 0; i < d->routes.n; i++)
		if (d->routes.at[i].port == route->port &&
		    condition_eq(&d->routes.at[i].when, &route->when))
			return &d->routes.at[i];
	return NULL;
}

static void add_route(struct effects *e, const struct service *service, const struct route *route,
		      bool is_new)
{
	struct found f = { .risk = RISK_ROUTES };

	*(is_new ? &f.new : &f.old) = &route->sources;
	f.text = str_format(e->mem, "port %" PRIu32 " of %.*s has a route %s: %.*s", route->port,
			    STR(subject_of(e, service, route)), is_new ? "more" : "less",
			    STR(weights_of(e, route)));
	effect_for_service(e, service, &f);
}

/* A port without any route is one that sends everything to the service, with no settings. */
static struct route plain_route(struct arena *mem, const struct destination_plan *d,
				const struct route *like)
{
	struct route out = { .port = like->port, .when = like->when };

	vec_add(mem, &out.to,
		((struct backend){ .service = d->service,
				   .host = d->host,
				   .port = like->port,
				   .weight = 100 }));
	return out;
}

static void compare_or_add(struct effects *e, const struct destination_plan *old,
			   const struct destination_plan *new, const struct route *route,
			   bool is_new)
{
	const struct destination_plan *other = is_new ? old : new;
	const struct route *counterpart = route_like(other, route);
	struct route plain;

	if (counterpart) {
		if (is_new)
			compare_route(e, new->service, counterpart, route);
		return;
	}
	if (!condition_is_any(&route->when)) {
		add_route(e, new->service, route, is_new);
		return;
	}
	plain = plain_route(e->mem, other, route);
	compare_route(e, new->service, is_new ? &plain : route, is_new ? route : &plain);
}

static void compare_routes(struct effects *e, const struct destination_plan *old,
			   const struct destination_plan *new)
{
	for (uint32_t i = 0; i < new->routes.n; i++)
		compare_or_add(e, old, new, &new->routes.at[i], true);
	for (uint32_t i = 0; i < old->routes.n; i++)
		compare_or_add(e, old, new, &old->routes.at[i], false);
}

/* From the safest on. What nobody set is mutual TLS, as the mesh does by itself. */
static const char *const tls_modes[] = { "mutual TLS", "TLS without a certificate of the caller",
					 "no TLS" };

static uint32_t tls_mode(const struct destination_plan *d)
{
	const struct mtls_policy *mtls = effect_mtls(&d->client);

	if (!mtls || !mtls->istio)
		return 0;
	switch ((enum tls_mode)mtls->istio->tls_mode.v) {
	case TLS_MODE_ISTIO_MUTUAL:
		return 0;
	case TLS_MODE_SIMPLE:
		return 1;
	case TLS_MODE_DISABLE:
		return 2;
	}
	BUG("TLS mode %d", mtls->istio->tls_mode.v);
}

static void compare_mtls(struct effects *e, const struct destination_plan *old,
			 const struct destination_plan *new)
{
	uint32_t was = tls_mode(old), is = tls_mode(new);
	struct found f = { .risk = is > was ? RISK_MTLS_WEAKENED : RISK_MTLS_STRENGTHENED,
			   .old = &old->sources,
			   .new = &new->sources,
			   .old_at = old->client.at[FEATURE_MTLS],
			   .new_at = new->client.at[FEATURE_MTLS] };

	if (was == is)
		return;
	f.text = str_format(e->mem, "calls of `%.*s` use %s, before %s",
			    STR(effect_title(e, new->service)), tls_modes[is], tls_modes[was]);
	effect_for_service(e, new->service, &f);
}

static struct str endpoints_of(struct arena *mem, const struct import *import, bool places)
{
	struct buf out = buf_new(mem, 0);

	for (uint32_t i = 0; i < import->endpoints.n; i++) {
		const struct endpoint *one = &import->endpoints.at[i];

		buf_str(&out, str_of(i ? ", " : ""));
		buf_format(&out, "%.*s:%" PRIu32, STR(one->address), one->port);
		if (places)
			buf_format(&out, " in %.*s/%.*s", STR(one->locality.region),
				   STR(one->locality.zone));
	}
	return buf_view(&out);
}

static void compare_imports(struct effects *e, const struct destination_plan *old,
			    const struct destination_plan *new)
{
	struct found f = { .risk = RISK_ENDPOINTS };
	bool places;

	if (!old->import || !new->import)
		return;
	f.old = sources_of(e->mem, old->import->virtual_mesh);
	f.new = sources_of(e->mem, new->import->virtual_mesh);
	places = str_eq(endpoints_of(e->mem, old->import, false),
			endpoints_of(e->mem, new->import, false));
	if (str_eq(endpoints_of(e->mem, old->import, true),
		   endpoints_of(e->mem, new->import, true)))
		return;
	if (places)
		f.risk = RISK_FAILOVER;
	f.text = str_format(e->mem, "`%.*s`: %.*s -> %.*s", STR(effect_title(e, new->service)),
			    STR(endpoints_of(e->mem, old->import, places)),
			    STR(endpoints_of(e->mem, new->import, places)));
	effect_for_service(e, new->service, &f);
}

void effects_of_traffic(struct effects *e, const struct destination_plan *old,
			const struct destination_plan *new)
{
	struct str subject = subject_of(e, new->service, NULL);

	compare_routes(e, old, new);
	compare_mtls(e, old, new);
	compare_settings(e, subject, new->service, &old->client, &new->client,
			 (struct found){ .old = &old->sources, .new = &new->sources });
	compare_imports(e, old, new);
}
