/*
 * The inventory as the compiler understood it, for people and for scripts.
 */
#pragma once

#include "base/buf.h"
#include "model/inventory.h"

/* with_services: every service too, with its ports and the addresses that other clusters can reach. */
void report_inventory_text(struct buf *, const struct inventory *, bool with_services);

/*
 * {"schema": "meshc.dev/inventory/v1", "clusters": [{"name", "network", "region", "zone", "domain",
 *   "meshes": [{"name", "namespace", "kind", "version", "revision", "trustDomain", "dnsProxying"}],
 *   "services", "workloads": counts, "serviceList": [{"namespace", "name", "mesh",
 *   "ports": [{"number", "name", "protocol"}], "addresses": []}]}]}
 * What is not known is an empty string; serviceList only with_services.
 */
void report_inventory_json(struct buf *, const struct inventory *, bool with_services);
