#!/usr/bin/env bash
# What meshc costs on generated fleets, against its peers in the same run: a bare libyaml event loop over the sources, and over
# the emitted objects libgit2 that only hashes them, kustomize and kubeconform. Arguments: a release build folder, and the folder
# of .ci/judges. It reports; it never fails because something is slow. On a busy machine only the ratios mean something.
set -euo pipefail
build=$(cd "$1" && pwd) judges=$(realpath -m "${2:-$1/judges}")
meshc=$build/meshc tools=$build/tests
work=$build/bench
rm -rf "$work"
mkdir -p "$work"
sizes=${BENCH_SIZES:-"2x20 13x35 20x50 90x50 200x50"} # 13x35 emits 2,000 objects, 90x50 20,000
most_for_kustomize=5000                              # whose time grows with the square
runs=${BENCH_RUNS:-5}

count() { sed -n "s/^count $1 //p" "$work/timings"; }
phase() { sed -n "s/^phase $1 \(.*\) ms/\1/p" "$work/timings"; }
verdict() { awk -v value="$1" -v limit="$2" 'BEGIN { print value <= limit ? "OK" : "over" }'; }
mib() { awk -v n="$1" 'BEGIN { printf "%.1f", n / 1048576 }'; }
divide() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'; }

# cost RUNS COMMAND...: wall user median kib exit
cost() { "$tools/measure" -n "$@"; }

# one_of COMMAND...: the first that can be run.
one_of() {
	local command
	for command; do
		command -v $command >/dev/null && echo "$command" && return
	done
}
kustomize=$(one_of "kubectl" "$judges/kustomize") kubeconform=$(one_of "$judges/kubeconform")

# The objects as one kustomization: a base for each cluster, since clusters have objects of the same name.
kustomization() {
	local to=$2 cluster
	rm -rf "$to"
	cp -r "$1/clusters" "$to"
	for cluster in "$to"/*/; do
		printf 'namePrefix: %s-\nresources:\n' "$(basename "$cluster")" >"$work/one"
		find "$cluster" -name '*.yaml' -printf '- "%P"\n' | LC_ALL=C sort >>"$work/one"
		mv "$work/one" "${cluster}kustomization.yaml"
	done
	(cd "$to" && { echo 'resources:'; printf -- '- %s\n' */; } >kustomization.yaml)
}

# What others need for the same objects: peers OUT OBJECTS CHECK BUILD
peers() {
	local out=$1 objects=$2 wall exit command=(${kustomize##*/})
	[ "${command[0]}" = kustomize ] && command=("$kustomize" build) || command=(kubectl kustomize)
	if [ -z "$kustomize" ]; then
		echo '  kustomize is not there, nor kubectl: not compared'
	elif [ "$objects" -le $most_for_kustomize ]; then
		kustomization "$out" "$work/kustomization"
		read -r wall _ _ _ exit < <(cost 1 "${command[@]}" "$work/kustomization")
		[ "$exit" = 0 ] || { echo "bench: ${command[*]} does not build the objects"; exit 1; }
		printf '  %s objects: `%s` %s s / check %s s = %s (at least 200 at 2,000 objects), / build %s s = %s\n' "$objects" \
			"${command[*]##*/}" "$wall" "$3" "$(divide "$wall" "$3")" "$4" "$(divide "$wall" "$4")"
	fi
	[ -n "$kubeconform" ] || { echo '  kubeconform is not there: not compared'; return; }
	read -r wall _ _ _ exit < <(cost "$runs" "$kubeconform" -ignore-missing-schemas -schema-location "$work/none-{{.ResourceKind}}" "$out/clusters")
	printf '  kubeconform without a schema %s s / check = %s\n' "$wall" "$(divide "$wall" "$3")"
}

# From pull request to branch: publication from nothing, again, and after an edit of one line that diff shows first: deliver IN OUT
deliver() {
	local in=$1 out=$2 edited
	rm -rf "$in/.git"
	printf 'spec:\n  targets: [{name: bench, branch: bench}]\n' >>"$in/meshc.yaml"
	git -C "$in" init -q -b main
	git -C "$in" add -A
	git -C "$in" -c user.name=bench -c user.email=bench@example.com commit -qm bench
	read -r scratch _ _ _ _ < <(cost 1 "$meshc" -C "$in" publish --no-push)
	read -r unchanged _ _ _ _ < <(cost "$runs" "$meshc" -C "$in" publish --no-push)
	read -r recompiled _ _ _ _ < <(cost "$runs" "$meshc" -C "$in" publish --no-push --recompile)
	edited=$(grep -rlE 'requestTimeout: [0-9]+s' "$in/mesh" | LC_ALL=C sort | sed 1q)
	sed -i -E '0,/requestTimeout: [0-9]+s/s//requestTimeout: 59s/' "$edited"
	read -r diff _ _ _ _ < <(cost "$runs" "$meshc" -C "$in" diff)
	read -r one _ _ _ _ < <(cost "$runs" "$meshc" -C "$in" check)
	git -C "$in" -c user.name=bench -c user.email=bench@example.com commit -qam edit
	read -r edit _ _ _ _ < <(cost 1 "$meshc" -C "$in" publish --no-push)
	read -r hash _ _ _ _ < <(cost "$runs" "$tools/hashfloor" "$out/clusters")
	printf '  publish unchanged %s s / ids of the emitted files by libgit2 %s s = %s (at most 1.2): %s; recompiled %s s, beyond check = %s\n' \
		"$unchanged" "$hash" "$(divide "$unchanged" "$hash")" "$(verdict "$(divide "$unchanged" "$hash")" 1.2)" "$recompiled" \
		"$(awk -v u="$recompiled" -v c="$one" -v h="$hash" 'BEGIN { printf "%.2f", h ? (u - c) / h : 0 }')"
	printf '  publish: from nothing %s s, unchanged %s s, one line %s s; diff of one line %s s (check %s s)\n' "$scratch" \
		"$unchanged" "$edit" "$diff" "$one"
}

rates=()
for size in $sizes; do
	clusters=${size%x*} services=${size#*x}
	in=$work/$size out=$work/$size.out
	"$tools/fleet" --clusters "$clusters" --services "$services" --policies 3 --seed 1 "$in"
	MEASURE_STDERR=1 "$tools/measure" "$meshc" -C "$in" build --out-dir "$out" --timings 2>"$work/timings" >"$work/first"
	read -r _ _ _ _ exit <"$work/first"
	[ "$exit" = 0 ] || { cat "$work/timings"; echo "bench: $size does not compile"; exit 1; }

	read -r check_one _ _ _ _ < <(cost "$runs" "$meshc" -C "$in" check -j 1)
	read -r check_two _ _ _ _ < <(cost "$runs" "$meshc" -C "$in" check -j 2)
	read -r floor _ _ _ _ < <(cost "$runs" "$tools/yamlfloor" "$in")
	# Into a folder of its own: where 50,000 files have just been deleted, a disk may be busy for half a minute.
	out=$work/$size.fresh
	read -r fresh fresh_user _ kib _ < <(cost 1 "$meshc" -C "$in" build --out-dir "$out")
	read -r again _ _ kib_again _ < <(cost "$runs" "$meshc" -C "$in" build --out-dir "$out")
	read -r check check_user _ check_kib _ < <(cost "$runs" "$meshc" -C "$in" check)
	[ "$kib_again" -le "$kib" ] || kib=$kib_again

	input=$(count bytes-read) output=$(count bytes)
	memory_limit=$((12 * input + 2 * output))
	ratio=$(divide "$check_one" "$floor") ratio_two=$(divide "$check_two" "$floor")
	rates+=("$(awk -v w="$check" -v n="$output" 'BEGIN { printf "%.1f", w * 1e9 / n }')")

	printf '%s clusters x services, 3 policies each\n' "$size"
	printf '  read %s MiB in %s files, emitted %s objects, %s MiB\n' "$(mib "$input")" "$(count files-read)" \
		"$(count objects)" "$(mib "$output")"
	printf '  phases in ms:'
	for name in load read resolve rules plan render settle publish; do
		printf ' %s %s' "$name" "$(phase $name)"
	done
	printf '\n'
	printf '  check: wall %s s, user %s s, peak %s MiB\n' "$check" "$check_user" "$(mib $((check_kib * 1024)))"
	printf '  build: wall %s s, user %s s, peak %s MiB; again %s s\n' "$fresh" "$fresh_user" "$(mib $((kib * 1024)))" "$again"
	printf '  check -j 1 %s s / libyaml events %s s = %s (at most 1.3): %s\n' "$check_one" "$floor" "$ratio" \
		"$(verdict "$ratio" 1.3)"
	printf '  check -j 2 %s s / libyaml events on one thread = %s (at most 0.8): %s\n' "$check_two" "$ratio_two" \
		"$(verdict "$ratio_two" 0.8)"
	printf '  peak memory %s MiB (at most 12 x input + 2 x output = %s MiB): %s\n' "$(mib $((kib * 1024)))" \
		"$(mib $memory_limit)" "$(verdict $((kib * 1024)) $memory_limit)"
	peers "$out" "$(count objects)" "$check" "$fresh"
	deliver "$in" "$out"
	[ "$size" != 90x50 ] || printf '  20,000 objects: check %s s (at most 0.5 s): %s\n' "$check" "$(verdict "$check" 0.5)"
	[ "$size" != 200x50 ] || printf '  200x50 check %s s (at most 2 s on two cores): %s\n' "$check" "$(verdict "$check" 2)"
done
# The smallest fleet is mostly start-up: growth is told from the others.
printf 'check, ns per emitted byte, by size: %s' "${rates[*]}"
awk -v first="${rates[1]:-${rates[0]}}" -v last="${rates[-1]}" \
	'BEGIN { printf " (linear: the last at most 1.5 times the one before it): %s\n", last <= 1.5 * first ? "OK" : "over" }'
