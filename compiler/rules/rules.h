/*
 * Checks that no schema can say: over the snapshot before the plan, and over the
 * plan. They produce findings and nothing else.
 */
#pragma once

#include "plan/plan.h"

void rules_check(struct plan_pass *, const struct snapshot *);
void rules_audit(struct plan_pass *, const struct plan *);
