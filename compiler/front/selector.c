/*
 * One selector: are its references there, and does it match anything?
 *
 * That it matches nothing is a warning, and is silent where one of its references
 * has been reported already.
 */
#include "base/base.h"
#include "front/local.h"
#include "model/select.h"

static bool any_service(const struct inventory *inventory,
			const struct destination_selector *selector)
{
	const struct texts *clusters = &selector->kube_service_matcher->clusters;

	for (uint32_t i = 0; i < inventory->n_clusters; i++) {
		const struct cluster *cluster = &inventory->clusters[i];

		if (!texts_admit(clusters, cluster->name))
			continue;
		for (uint32_t k = 0; k < cluster->n_services; k++)
			if (destination_selector_matches(selector, &cluster->services[k]))
				return true;
	}
	return false;
}

static void report_empty(struct checker *c, struct span at, const char *what)
{
	report_empty_selector(c->diags, at, str_of(what));
}

static bool check_service_refs(struct checker *c, const struct kube_service_refs *refs)
{
	bool sound = true;

	for (uint32_t i = 0; i < refs->services.n; i++) {
		const struct cluster_object_ref *ref = &refs->services.item[i];

		sound = reference_service(c, &ref->name, &ref->namespace, &ref->cluster_name,
					  ref->at) &&
			sound;
	}
	return sound;
}

void selector_check_destination(struct checker *c, const struct destination_selector *s)
{
	const struct kube_service_matcher *matcher = s->kube_service_matcher;
	const struct kube_service_refs *refs = s->kube_service_refs;
	bool sound = true, found = false;

	if (!matcher && !refs) {
		report_empty(c, s->at, "`kubeServiceMatcher: {}` matches every service");
		return;
	}
	if (refs) {
		sound = check_service_refs(c, refs);
		found = refs->services.n > 0;
	}
	if (matcher) {
		sound = reference_clusters(c, &matcher->clusters) && sound;
		sound = reference_namespaces(c, &matcher->namespaces) && sound;
		found = found || !sound || any_service(&c->snapshot->inventory, s);
	}
	if (sound && !found && !is_inventory_torn(c))
		report_selects_nothing(c->diags, s->at, S("service"));
}

static bool any_workload(const struct inventory *inventory,
			 const struct workload_selector *selector)
{
	for (uint32_t i = 0; i < inventory->n_clusters; i++) {
		const struct cluster *cluster = &inventory->clusters[i];

		if (!workload_selector_admits(selector, cluster))
			continue;
		for (uint32_t k = 0; k < cluster->n_workloads; k++)
			if (workload_selector_matches(selector, &cluster->workloads[k]))
				return true;
	}
	return false;
}

void selector_check_workload(struct checker *c, const struct workload_selector *s)
{
	const struct kube_workload_matcher *matcher = s->kube_workload_matcher;
	bool sound;

	if (!matcher) {
		report_empty(c, s->at, "`kubeWorkloadMatcher: {}` matches every workload");
		return;
	}
	sound = reference_clusters(c, &matcher->clusters);
	sound = reference_namespaces(c, &matcher->namespaces) && sound;
	if (sound && !is_inventory_torn(c) && !any_workload(&c->snapshot->inventory, s))
		report_selects_nothing(c->diags, s->at, S("workload"));
}

static bool any_identity(const struct inventory *inventory, const struct kube_identity_matcher *m)
{
	for (uint32_t i = 0; i < inventory->n_clusters; i++) {
		if (!texts_admit(&m->clusters, inventory->clusters[i].name))
			continue;
		for (uint32_t k = 0; k < m->namespaces.n; k++)
			if (cluster_has_namespace(&inventory->clusters[i], m->namespaces.item[k].s))
				return true;
	}
	return !m->namespaces.n;
}

void selector_check_identity(struct checker *c, const struct identity_selector *s)
{
	const struct kube_identity_matcher *matcher = s->kube_identity_matcher;
	const struct kube_service_account_refs *refs = s->kube_service_account_refs;
	bool sound;

	const struct request_ip_matcher *addresses = s->request_ip_matcher;

	if (addresses && !addresses->forwarded_ips.n && !addresses->not_forwarded_ips.n)
		report_one_of_missing(c->diags, addresses->at, S("`requestIpMatcher`"),
				      S("`forwardedIPs` and `notForwardedIPs`"));
	if (!matcher && !refs) {
		if (!addresses)
			report_empty(c, s->at, "`kubeIdentityMatcher: {}` matches every caller");
		return;
	}
	for (uint32_t i = 0; refs && i < refs->service_accounts.n; i++)
		reference_account(c, &refs->service_accounts.item[i]);
	if (!matcher) {
		if (!refs->service_accounts.n)
			report_selects_nothing(c->diags, s->at, S("caller"));
		return;
	}
	sound = reference_clusters(c, &matcher->clusters);
	sound = reference_namespaces(c, &matcher->namespaces) && sound;
	if (sound && !refs && !is_inventory_torn(c) &&
	    !any_identity(&c->snapshot->inventory, matcher))
		report_selects_nothing(c->diags, s->at, S("caller"));
}
