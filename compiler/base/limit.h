/*
 * Every ceiling, in one list. Those a finding names carry its slug.
 */
#pragma once

#define LIMIT_FILE_BYTES (4u << 20)            /* a declaration file: people write these */
#define LIMIT_INVENTORY_FILE_BYTES (64u << 20) /* kubectl get -A -o yaml of one large cluster */
#define LIMIT_TOTAL_BYTES (1ull << 30)
#define LIMIT_FILES 50000u
#define LIMIT_NAMES                                                                                \
	1000000u /* looked at in source folders: a few trees of git can hold one another many times */
#define LIMIT_LISTED_BYTES ((size_t)128 << 20) /* the files of a tree of output, by name */
#define LIMIT_REFUSED 10000u   /* names that cannot be read: nobody needs to hear of more */
#define LIMIT_PATH_BYTES 4096u /* PATH_MAX of Linux */
#define LIMIT_DEPTH 64u        /* libyaml 0.2.5 has none and is quadratic in it */
#define LIMIT_SCALAR_BYTES (256u << 10)
#define LIMIT_DOCUMENTS 10000u /* per file */
#define LIMIT_NAME_BYTES 253u  /* RFC 1123 subdomain, Kubernetes */
#define LIMIT_LABEL_BYTES 63u
#define LIMIT_FINDINGS_SHOWN 50u /* per run in text; totals are always printed */
#define LIMIT_JOBS 64u
#define LIMIT_SHARDS 1000u
#define LIMIT_CLUSTER_OBJECTS 1000u    /* what appliers compare and list with ease */
#define LIMIT_CLUSTER_BYTES 8000000u   /* near the 10 MB that Argo CD reads per Application */
#define LIMIT_ROUTES 1024u             /* per host and consumer cluster, after merging */
#define LIMIT_REGEX_STEPS (100u << 20) /* expressions against texts, of one host and consumer */
#define LIMIT_MATCHES 64u              /* VirtualService.http[].match, of one route */
#define LIMIT_ENDPOINTS 4096u          /* ServiceEntry.endpoints, Istio CRD */
#define LIMIT_ENDPOINT_PORTS 128u      /* ServiceEntry.endpoints[].ports, Istio CRD */
#define LIMIT_HOSTS 256u               /* ServiceEntry.ports and .addresses, Istio CRD */
#define LIMIT_RULES 512u               /* AuthorizationPolicy.rules and .from, Istio CRD */
#define LIMIT_SNI_BYTES 255u           /* of a TLS hello's server name, BoringSSL */
#define LIMIT_HTTP_ROUTE_RULES 16u     /* HTTPRoute.rules, Gateway API CRD */
#define LIMIT_HTTP_MATCHES 64u         /* HTTPRoute.rules[].matches, Gateway API 1.1 CRD */
#define LIMIT_HTTP_MATCH_VALUES 16u    /* headers and queryParams of a match, headers of a filter */
#define LIMIT_HTTP_BACKENDS 16u        /* HTTPRoute.rules[].backendRefs */
#define LIMIT_HTTP_NAME_BYTES 256u     /* name of a header or query parameter */
#define LIMIT_HTTP_PATH_BYTES 1024u    /* HTTPRoute.rules[].matches[].path.value */
#define LIMIT_HTTP_HEADER_BYTES 4096u  /* value of a header, matched or added */
#define LIMIT_HTTP_QUERY_BYTES 1024u   /* value of a query parameter that is matched */
#define LIMIT_REGEX_BYTES 1024u        /* Istio VirtualService regex */
