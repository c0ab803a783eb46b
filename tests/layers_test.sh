#!/usr/bin/env bash
# layers.awk sees what it is there to see. Argument: the root of the repository.
set -euo pipefail
root=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p compiler
cp "$root/compiler/LAYERS" compiler/LAYERS
status=0

# caught PATH WHAT TEXT: a file with this text must be refused with a message that holds WHAT ("" = must pass).
caught() {
	mkdir -p "$(dirname "$1")"
	printf '#include "base/base.h"\n%b\n' "$3" >"$1"
	got=$(awk -f "$root/tests/layers.awk" compiler/LAYERS "$1") && code=0 || code=$?
	if [ -z "$2" ] && [ "$code" -ne 0 ]; then
		echo "refused, but right: $1: $3: $got"; status=1
	elif [ -n "$2" ] && { [ "$code" -eq 0 ] || ! grep -qF -- "$2" <<<"$got"; }; then
		echo "passed, but wrong ($2): $1: $3"; status=1
	fi
	rm -f "$1"
}

caught compiler/plan/a.c "may not include target" '#include "target/target.h"'
caught compiler/rules/a.c "" '#include "plan/plan.h"'
caught compiler/plan/a.c "private to tree" '#include "tree/local.h"'
caught compiler/plan/a.c "" '#include "plan/local.h"'
caught compiler/plan/a.c "start from the room" '#include "local.h"'
caught compiler/plan/a.c "only in git/" '#include <git2.h>'
caught compiler/front/a.c "only in tree/" '#include <yaml.h>'
caught compiler/front/a.c "only in tree/" '#include <cjson/cJSON.h>'
caught compiler/tree/a.c "" '#include <yaml.h>'
caught compiler/output/a.c "only in base/" '#include <pthread.h>'
caught compiler/output/a.c "only in base/" '#include <xxhash.h>'
caught compiler/front/a.c "environment" 'const char *f(void) { return getenv("X"); }'
caught compiler/cli/a.c "" 'const char *f(void) { return getenv("X"); }'
caught compiler/driver/a.c "only cli/ prints" 'void f(void) { printf("x"); }'
caught compiler/driver/a.c "only cli/ prints" 'void f(void) { fputs("x", stderr); }'
caught compiler/driver/a.c "" 'int f(char *b) { return snprintf(b, 1, "printf()"); } /* printf() */'
caught compiler/driver/a.c "" '/*\n * printf("x")\n */'
caught compiler/base/bug.c "" 'void f(void) { fprintf(stderr, "x"); }'
caught compiler/target/istio/a.c "another mesh" '#include "target/kuma/x.h"'
caught compiler/target/istio/a.c "" '#include "target/istio/x.h"'
caught compiler/target/targets.c "" '#include "target/kuma/kuma.h"'

mkdir -p compiler/plan
printf '#include "plan/plan.h"\n' >compiler/plan/a.c
awk -f "$root/tests/layers.awk" compiler/LAYERS compiler/plan/a.c >/dev/null && { echo "passed without base/base.h"; status=1; }
printf 'base:\nplan: target\ntarget: base\n' >compiler/LAYERS
{ awk -f "$root/tests/layers.awk" compiler/LAYERS compiler/plan/a.c || true; } | grep 'may not look up' >/dev/null || { echo "passed an upward row"; status=1; }
exit $status
