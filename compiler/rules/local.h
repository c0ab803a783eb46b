/*
 * One function per rule; the tables are in rules.c.
 */
#pragma once

#include "rules/rules.h"

struct rule_cx {
	struct arena *mem;
	struct diags *diags;
};

typedef void traffic_rule(struct rule_cx *, const struct resource *,
			  const struct traffic_policy_spec *);

traffic_rule rule_weights, rule_retries, rule_headers, rule_regexes, rule_repeated_matchers,
	rule_impossible_matchers, rule_empty_policy, rule_narrowed, rule_header_values, rule_cors,
	rule_paths;

void rule_annotations(struct rule_cx *, const struct resource *);
void rule_virtual_mesh(struct rule_cx *, const struct resource *, const struct virtual_mesh_spec *);
void rule_retry_budget(struct rule_cx *, const struct route *);
