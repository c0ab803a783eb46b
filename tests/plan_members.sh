#!/usr/bin/env bash
# Everything that a plan holds is in `build --dump-plan`. Argument: the root of the repository.
set -euo pipefail
cd "$1"

# Printed by name: what they hold is the inventory's and the declarations', not the plan's.
references="service mesh resource cluster snapshot"

# What the plan was made from is printed by `inventory list`; a program is the expression beside it.
exceptions="plan.snapshot match.program"

# members HEADER: the members of struct plan, as HEADER has it, that no printer reads.
members() {
	awk -v root=plan -v ends="$references" -v except="$exceptions" -f tests/members.awk \
		"$1" compiler/plan/condition.h compiler/model/inventory.h -- compiler/report/plan*.c compiler/report/part.c
}

members compiler/plan/plan.h

# It sees what it is there to see: one member more in every struct but those that are no part of a plan.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -n 's/^struct \([a-z_]*\) {.*/\1.surprise: nobody prints it/p' compiler/plan/plan.h |
	grep -v '^plan_pass\.\|^asked\.' | LC_ALL=C sort >"$work/wanted"
sed 's/^struct [a-z_]* {/&\n\tbool surprise;/' compiler/plan/plan.h >"$work/plan.h"
{ members "$work/plan.h" || true; } | grep surprise | LC_ALL=C sort >"$work/said"
diff "$work/wanted" "$work/said"
