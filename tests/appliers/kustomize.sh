#!/usr/bin/env bash
# Every folder of a cluster, and of an applier, is one that kustomize builds, as Flux does: all YAML files below it, each object
# once. Arguments: the root of the repository, kustomize. Skipped (77) where there is none.
set -euo pipefail
root=$1 kustomize=$2
[ -x "$kustomize" ] || { echo "kustomize is not there: no folder is built with it"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0 built=0
# Flux reads a folder of its own in each cluster, or one where it runs in a hub.
for folder in "$root"/golden/{examples,appliers}/*/out/{clusters/*,appliers/argocd,appliers/flux/*,appliers/flux}/; do
	[ -d "$folder" ] || continue
	case $folder in
	*/appliers/flux/) compgen -G "$folder*.yaml" >/dev/null || continue ;;
	*/appliers/flux/*) ! compgen -G "$(dirname "$folder")/*.yaml" >/dev/null || continue ;;
	esac
	rm -rf "$work/in" && cp -r "$folder" "$work/in"
	files=$(cd "$work/in" && find . -name '*.yaml' | LC_ALL=C sort)
	[ -n "$files" ] || continue
	{ echo 'resources:'; sed 's/^/- "/; s/$/"/' <<<"$files"; } >"$work/in/kustomization.yaml"
	if ! "$kustomize" build "$work/in" >"$work/out" 2>"$work/log"; then
		echo "${folder#"$root"/} is not built"; cat "$work/log"; status=1
	elif [ "$(grep -c '^kind:' "$work/out")" != "$(wc -l <<<"$files")" ]; then
		echo "${folder#"$root"/}: $(grep -c '^kind:' "$work/out") objects of $(wc -l <<<"$files") files"; status=1
	fi
	built=$((built + 1))
done
[ $built -ge 10 ] || { echo "only $built folders are there to build"; status=1; }
exit $status
