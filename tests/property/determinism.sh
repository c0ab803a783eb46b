#!/usr/bin/env bash
# Nothing but the declarations and the inventory shows in the output: one fleet, compiled in every way, gives one
# digest. Arguments: meshc, the folder of the tool `fleet`.
set -euo pipefail
meshc=$1 fleet=$2/fleet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

digest() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum); }

# same WHAT FOLDER COMMAND...: the command's output in $work/out is what the first one was.
same() {
	local what=$1 folder=$2
	shift 2
	rm -rf "$work/out"
	if ! (cd "$folder" && "$@") >"$work/log" 2>&1; then
		echo "$what: does not compile"; cat "$work/log"; exit 1
	fi
	local got
	got=$(digest "$work/out")
	expected=${expected:-$got}
	if [ "$got" != "$expected" ]; then
		echo "$what: other bytes than the first compile"
		diff -rq "$work/first" "$work/out" | head -n 5 || true
		status=1
	fi
}

generate=("$fleet" --clusters 4 --linkerd 2 --services 18 --policies 8 --seed 7)
"${generate[@]}" "$work/plain"
build=("$meshc" build --out-dir "$work/out")

same "first" "$work/plain" "${build[@]}" -j 1
cp -r "$work/out" "$work/first"
same "again" "$work/plain" "${build[@]}" -j 1
for jobs in 2 3 8; do
	same "-j $jobs" "$work/plain" "${build[@]}" -j "$jobs"
done
"$meshc" -C "$work/plain" build --dump-plan=json -j 1 >"$work/plan" 2>/dev/null
for jobs in 2 8; do
	if ! "$meshc" -C "$work/plain" build --dump-plan=json -j "$jobs" 2>/dev/null | cmp - "$work/plan"; then
		echo "-j $jobs: another plan"
		status=1
	fi
done
for seed in 11 12 13; do
	"${generate[@]}" --shuffle $seed "$work/shuffled-$seed"
	same "documents shuffled by $seed" "$work/shuffled-$seed" "${build[@]}" -j 2
done
for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
	same "LC_ALL=$locale" "$work/plain" env LC_ALL=$locale LANG=$locale "${build[@]}"
done
for zone in UTC Asia/Kolkata America/St_Johns; do
	same "TZ=$zone" "$work/plain" env TZ=$zone "${build[@]}"
done
same "umask 077" "$work/plain" bash -c 'umask 077; exec "$0" "$@"' "${build[@]}"
same "another HOME, no environment" "$work/plain" env -i HOME=/nonexistent "${build[@]}"
same "started in a folder below" "$work/plain/inventory/c-000" "${build[@]}"
same "started elsewhere" / "$meshc" -C "$work/plain" build --out-dir "$work/out"
mkdir -p "$work/deep/er"
mv "$work/plain" "$work/deep/er/moved"
same "moved" "$work/deep/er/moved" "${build[@]}"
same "over its own output" "$work/deep/er/moved" bash -c '"$@" && "$@"' again "${build[@]}"
touch -d 2001-01-01 "$work/deep/er/moved/meshc.yaml"
same "another time" "$work/deep/er/moved" "${build[@]}"
exit $status
