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
build=("$meshc" build --out-dir "$work/out/output" --stubs "$work/out/stubs")

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
same "started elsewhere" / "$meshc" -C "$work/plain" "${build[@]:1}"
mkdir -p "$work/deep/er"
mv "$work/plain" "$work/deep/er/moved"
same "moved" "$work/deep/er/moved" "${build[@]}"
same "over its own output" "$work/deep/er/moved" bash -c '"$@" && "$@"' again "${build[@]}"
touch -d 2001-01-01 "$work/deep/er/moved/meshc.yaml"
same "another time" "$work/deep/er/moved" "${build[@]}"

# A publication is one commit, whoever makes it, wherever, in whatever language.
repo=$work/deep/er/moved
echo '  targets: [{name: t, branch: out}]' >"$work/target"
grep -q '^spec:' "$repo/meshc.yaml" || echo 'spec:' >>"$repo/meshc.yaml"
sed -i "/^spec:/r $work/target" "$repo/meshc.yaml"
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@example.com \
	GIT_AUTHOR_DATE=2026-01-02T03:04:05+0530 GIT_COMMITTER_DATE=2026-01-02T03:04:05+0530
git init -q -b main "$repo"
git -C "$repo" add -A
git -C "$repo" commit -qm source

# published WHAT COMMAND...: the branch that the command makes in a fresh clone is what the first one was.
published() {
	local what=$1 id
	shift
	rm -rf "$work/clone"
	git clone -q "$repo" "$work/clone"
	(cd "$work/clone" && "$@" publish --no-push --rev main) >"$work/log" 2>&1 || { echo "$what: is not published"; cat "$work/log"; exit 1; }
	id=$(git -C "$work/clone" rev-parse out refs/notes/hydrator.metadata)
	commit=${commit:-$id}
	[ "$id" = "$commit" ] || { echo "$what: other commits than the first"; status=1; }
}
published "first" "$meshc"
published "-j 8" "$meshc" -j 8
published "another user and no environment" env -i HOME=/nonexistent USER=nobody GIT_AUTHOR_NAME=x "$meshc"
for locale in C de_DE.UTF-8 tr_TR.UTF-8; do
	published "LC_ALL=$locale" env LC_ALL=$locale LANG=$locale TZ=Asia/Kolkata "$meshc"
done
published "umask 077" bash -c 'umask 077; exec "$0" "$@"' "$meshc"
exit $status
