/*
 * Looking things up in the inventory. Everything there is sorted, so a lookup is
 * a binary search and needs no index beside it.
 */
#include "base/base.h"
#include "model/inventory.h"

struct key {
	struct str major, minor;
};

/* Compares the wanted key with the item's. */
typedef int (*key_compare)(const struct key *, const void *item);

static const void *search(const void *items, uint32_t n, size_t size, const struct key *key,
			  key_compare compare)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const char *item = (const char *)items + middle * size;
		int order = compare(key, item);

		if (!order)
			return item;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static int compare_pair(const struct key *key, struct str major, struct str minor)
{
	int order = str_cmp(key->major, major);

	return order ? order : str_cmp(key->minor, minor);
}

static int compare_cluster(const struct key *key, const void *item)
{
	return str_cmp(key->major, ((const struct cluster *)item)->name);
}

static int compare_mesh(const struct key *key, const void *item)
{
	const struct mesh *mesh = item;

	return compare_pair(key, mesh->name, mesh->space);
}

static int compare_service(const struct key *key, const void *item)
{
	const struct service *service = item;

	return compare_pair(key, service->space, service->name);
}

static int compare_account(const struct key *key, const void *item)
{
	const struct account *account = item;

	return compare_pair(key, account->space, account->name);
}

static int compare_namespace(const struct key *key, const void *item)
{
	return str_cmp(key->major, ((const struct namespace_ *)item)->name);
}

static int compare_label(const struct key *key, const void *item)
{
	return str_cmp(key->major, ((const struct label *)item)->key);
}

#define SEARCH(items, n, major, minor, compare)                                                    \
	search((items), (n), sizeof *(items), &(struct key){ (major), (minor) }, (compare))

const struct cluster *inventory_cluster(const struct inventory *in, struct str name)
{
	return SEARCH(in->clusters, in->n_clusters, name, S(""), compare_cluster);
}

const struct mesh *inventory_mesh(const struct inventory *in, struct str name, struct str space)
{
	return SEARCH(in->meshes, in->n_meshes, name, space, compare_mesh);
}

const struct service *cluster_service(const struct cluster *cluster, struct str space,
				      struct str name)
{
	return SEARCH(cluster->services, cluster->n_services, space, name, compare_service);
}

const struct account *cluster_account(const struct cluster *cluster, struct str space,
				      struct str name)
{
	return SEARCH(cluster->accounts, cluster->n_accounts, space, name, compare_account);
}

const struct namespace_ *cluster_namespace(const struct cluster *cluster, struct str name)
{
	return SEARCH(cluster->namespaces, cluster->n_namespaces, name, S(""), compare_namespace);
}

bool cluster_has_namespace(const struct cluster *cluster, struct str name)
{
	return cluster_namespace(cluster, name) != NULL;
}

bool cluster_has_plain_service(const struct cluster *cluster, struct str space, struct str name)
{
	return SEARCH(cluster->plain_services, cluster->n_plain_services, space, name,
		      compare_account) != NULL;
}

bool release_is_before(struct release a, struct release b)
{
	return a.major != b.major ? a.major < b.major : a.minor < b.minor;
}

struct str label_get(const struct labels *labels, struct str key)
{
	const struct label *label = SEARCH(labels->at, labels->n, key, S(""), compare_label);

	return label ? label->value : (struct str){ 0 };
}

bool labels_contain(const struct labels *all, const struct labels *wanted)
{
	uint32_t i = 0;

	for (uint32_t k = 0; k < wanted->n; k++) {
		while (i < all->n && str_cmp(all->at[i].key, wanted->at[k].key) < 0)
			i++;
		if (i == all->n || !str_eq(all->at[i].key, wanted->at[k].key))
			return false;
		if (!str_eq(all->at[i].value, wanted->at[k].value))
			return false;
	}
	return true;
}

const struct service_port *service_port(const struct service *service, uint32_t number)
{
	for (uint32_t i = 0; i < service->ports.n; i++)
		if (service->ports.at[i].number == number)
			return &service->ports.at[i];
	return NULL;
}

uint32_t port_number(struct str digits)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return 0;
		n = 10 * n + (uint32_t)(digits.p[i] - '0');
		if (n > UINT16_MAX)
			return 0;
	}
	return n;
}

struct str service_title(struct arena *mem, const struct service *service)
{
	return str_format(mem, "%.*s.%.*s.%.*s", STR(service->name), STR(service->space),
			  STR(service->cluster->name));
}

const char *port_protocol_name(enum port_protocol protocol)
{
	static const char *const names[] = {
		[PROTOCOL_AUTO] = "auto",         [PROTOCOL_HTTP] = "http",
		[PROTOCOL_HTTP2] = "http2",       [PROTOCOL_GRPC] = "grpc",
		[PROTOCOL_GRPC_WEB] = "grpc-web", [PROTOCOL_HTTPS] = "https",
		[PROTOCOL_TLS] = "tls",           [PROTOCOL_TCP] = "tcp",
		[PROTOCOL_MONGO] = "mongo",       [PROTOCOL_REDIS] = "redis",
		[PROTOCOL_MYSQL] = "mysql",       [PROTOCOL_UDP] = "udp",
	};

	return names[protocol];
}

const struct controller controllers[CONTROLLERS] = {
	{ KIND_DEPLOYMENT, WORKLOAD_DEPLOYMENT },
	{ KIND_STATEFUL_SET, WORKLOAD_STATEFUL_SET },
	{ KIND_DAEMON_SET, WORKLOAD_DAEMON_SET },
};

const char *workload_kind_name(enum workload_kind kind)
{
	static const char *const names[] = { [WORKLOAD_DEPLOYMENT] = "Deployment",
					     [WORKLOAD_STATEFUL_SET] = "StatefulSet",
					     [WORKLOAD_DAEMON_SET] = "DaemonSet",
					     [WORKLOAD_UNKNOWN] = "Workload" };

	return names[kind];
}
