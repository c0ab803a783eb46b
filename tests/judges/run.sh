#!/usr/bin/env bash
# What those say who will run the output: every judge in turn. Arguments: a build folder, and names of judges if not all of
# them shall speak. A judge that cannot be had on this machine is SKIPPED and said so; that is no pass.
set -uo pipefail
here=$(realpath "$(dirname "$0")")
build=$(realpath "$1")
shift
export MESHC=$build/meshc FLEET=$build/tests/fleet TREE_JSON=$build/tests/tree_json
cache=${XDG_CACHE_HOME:-$HOME/.cache}/meshc-judges
log=$(mktemp)
trap 'rm -f "$log"' EXIT
mkdir -p "$cache"

passed=0 failed=() skipped=() known=() wanted=("$@")

wants() {
	local one
	[ ${#wanted[@]} -gt 0 ] || return 0
	for one in "${wanted[@]}"; do [ "$one" != "$1" ] || return 0; done
	return 1
}

# judge NAME COMMAND...: 77 from the command means that the judge cannot be had, and its last line why.
judge() {
	local name=$1 start=$SECONDS status
	shift
	known+=("$name")
	wants "$name" || return 0
	printf '== %s\n' "$name"
	("$@") >"$log" 2>&1
	status=$?
	if [ $status -eq 0 ]; then
		tail -n 3 "$log"
		printf -- '-- %s: passed, %d s\n' "$name" $((SECONDS - start))
		passed=$((passed + 1))
	elif [ $status -eq 77 ]; then
		printf -- '-- %s: SKIPPED, %s\n' "$name" "$(tail -n 1 "$log")"
		skipped+=("$name")
	else
		tail -n 300 "$log"
		printf -- '-- %s: FAILED, %d s\n' "$name" $((SECONDS - start))
		failed+=("$name")
	fi
}

# on_request NAME COMMAND...: a judge that speaks only where it is named.
on_request() {
	if [ ${#wanted[@]} -gt 0 ]; then
		judge "$@"
	else
		known+=("$1")
		printf -- '-- %s: not asked, its name as an argument asks it\n' "$1"
	fi
}

skip() {
	echo "$@"
	exit 77
}

# go_judge MODULE PACKAGE [FLAG...]: a Go test. Flags are those of its build. Modules that the proxy does not have are no fault
# of the output.
go_judge() {
	local module=$1 package=$2 program
	shift 2
	command -v go >/dev/null || skip "there is no go"
	cd "$here/$module" || return
	go list "$@" -deps -test "./$package" >/dev/null 2>"$cache/missing" ||
		if grep -qE 'dial tcp|i/o timeout|no such host|not available|40[34] (Forbidden|Not Found)|lookup disabled|toolchain' "$cache/missing"; then
			skip "its modules cannot be fetched: $(tail -n 1 "$cache/missing")"
		fi
	program=$(mktemp -p "$cache")
	trap "rm -f '$program'" EXIT
	go test -c -vet=off "$@" -o "$program" "./$package" || return
	cd "$package" && "$program"
}

# Two of the readers are Debian packages.
yaml_judge() {
	"$here/../../.ci/setup" yaml
	go_judge yaml .
}

judge analyze-1.31 go_judge istio analyze
judge translation-1.31 go_judge istio translation
judge apiserver go_judge apiserver .
judge yaml yaml_judge

# Another release shares hardly a package with the first: it would double what a new machine has to build of Istio.
on_request analyze-1.30 go_judge istio analyze -modfile=istio-1.30.mod

for one in "${wanted[@]}"; do
	[[ " ${known[*]} " == *" $one "* ]] || { echo "no judge is called $one; there are: ${known[*]}"; exit 2; }
done
[ ${#failed[@]} -eq 0 ] || printf 'failed: %s\n' "${failed[*]}"
[ ${#skipped[@]} -eq 0 ] || printf 'SKIPPED: %s\n' "${skipped[*]}"
printf '%d passed, %d failed, %d SKIPPED\n' "$passed" "${#failed[@]}" "${#skipped[@]}"
[ ${#failed[@]} -eq 0 ]
