#!/usr/bin/env bash
# Every field of every schema has a reader. Arguments: the root of the repository, the folder of schema/model.gen.h, a C
# compiler.
#
# Who reads a member the compiler knows best: in a copy of the generated header every member is `deprecated`, and the
# warnings of a compile name whoever reads it, if only by offsetof. What fields.awk makes of them stands there.
set -euo pipefail
cd "$1"
gen=$2 cc=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/schema"
awk '
	/^struct .* \{$/ { of = $2 }
	/^}/ { of = "" }
	of && /;$/ && !/^\t(\/\*| \*|struct span at;)/ {
		member = $NF
		gsub(/[*;]/, "", member)
		sub(/;$/, " __attribute__((deprecated(\"reads " of "." member "\")));")
	}
	{ print }
	/^#pragma once/ { print "#include <stddef.h>\n#undef offsetof\n#define offsetof(type, member) ((size_t)&((type *)0)->member)" }
' "$gen/schema/model.gen.h" >"$work/schema/model.gen.h"

# Where a macro reads a member, the reader is who uses the macro. Clang says so unasked.
where=-ftrack-macro-expansion=0
if "$cc" --version | grep clang >/dev/null; then
	where=
fi
if ! find compiler/{front,model,plan,rules,target,applier} -name '*.c' -print0 | LC_ALL=C sort -z | xargs -0 "$cc" -std=c17 \
	-fsyntax-only $where -Wdeprecated-declarations -D_GNU_SOURCE "-I$work" -Icompiler 2>"$work/warnings"; then
	cat "$work/warnings"
	exit 1
fi
sed -nE 's,^compiler/([a-z]+)/.*: reads ([a-z0-9_.]+).*,read \2 \1,p' "$work/warnings" | LC_ALL=C sort -u >"$work/read"
[ "$(wc -l <"$work/read")" -ge 300 ] || { echo "only $(wc -l <"$work/read") readers?"; head "$work/warnings"; exit 1; }

# walk READ FEATURE.DEF: fields.awk with these.
walk() { awk -f tests/fields.awk tests/fields.txt "$1" compiler/front/decode.c "$2" compiler/model/kinds.def "$gen/schema/model.gen.c"; }

walk "$work/read" compiler/plan/feature.def

# It sees what it is there to see: a reader that goes, a row that goes, a reader of what is excused.
sees() {
	{ walk "$work/less" "$work/feature.def" || true; } | grep -F -- "$1" >/dev/null || { echo "fields.awk does not see: $1"; exit 1; }
}
grep -v ' retry_policy.attempts ' "$work/read" >"$work/less"
cp compiler/plan/feature.def "$work/feature.def"
sees "TrafficPolicy.spec.policy.retries.attempts: nobody reads struct retry_policy, member attempts"
cp "$work/read" "$work/less"
grep -v '"retries.perTryTimeout"' compiler/plan/feature.def >"$work/feature.def"
sees "TrafficPolicy.spec.policy.retries.perTryTimeout: targets read it"
echo 'MESH(NEW, "newField", NULL)' >>"$work/feature.def"
sees "VirtualMesh.spec.newField is no field"
echo 'read metadata.labels plan' >>"$work/less"
sees "metadata.labels needs no excuse"
