#!/usr/bin/env bash
# Writes the seeds of a fuzz target that the tree holds anyway, small ones, into a folder.
# Arguments: the root of the repository, the target, the folder.
set -euo pipefail
cd "$1"
target=$2 out=$3
mkdir -p "$out"

put() { xargs -d '\n' cp --parents -t "$out"; }

small() { find "$@" -type f -size -9k | LC_ALL=C sort; }

# The declarations of a folder as one text.
joined() {
	find "$1" -name '*.yaml' | LC_ALL=C sort | while read -r file; do
		printf -- '---\n'
		cat "$file"
	done
}

case $target in
yaml) small golden/findings/MSH01*/*/ golden/input golden/traffic/*/out examples -name '*.yaml' | put ;;
inventory) small golden/bases golden/inventory examples -path '*/inventory/*' -name '*.yaml' | put ;;
pipeline) small golden/*/*/in golden/findings/*/good golden/findings/*/bad -path '*/mesh/*' -name '*.yaml' | put ;;
index) find golden -name MESHC.index -size -9k | LC_ALL=C sort | put ;;
diff)
	for case in golden/diff/*/; do
		[ -d "$case/before/mesh" ] && [ -d "$case/in/mesh" ] || continue
		{ joined "$case/before/mesh"; echo '%%'; joined "$case/in/mesh"; } >"$out/$(basename "$case")"
	done
	;;
esac
