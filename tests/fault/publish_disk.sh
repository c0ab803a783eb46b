#!/usr/bin/env bash
# A disk that is full or read-only, and a process that is killed, at every call with which a publication writes: the branch is
# what it was or what it should be, git finds the repository sound, what failed is said with the exit code of the environment,
# and the next run publishes. Arguments: the root of the repository, meshc. Skipped (77) where strace cannot trace.
set -euo pipefail
root=$(realpath "$1") meshc=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
strace -f -o /dev/null true 2>/dev/null || { echo "strace cannot trace here: full disks and kills are not tried"; exit 77; }
export HOME=$work GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t \
	GIT_COMMITTER_EMAIL=t@example.com LC_ALL=C
status=0 tried=0
wrong() { echo "$call $n, $fault: $1"; cat "$work/said"; status=1; }

git init -q -b main "$work/repo"
cd "$work/repo"
cp -r "$root/golden/bases/pair/inventory" .
mkdir mesh
cp "$root/golden/shards/first/in/mesh/api.yaml" mesh/
cat >meshc.yaml <<'YAML'
apiVersion: meshc.dev/v1alpha1
kind: Fleet
metadata: {name: f}
spec:
  targets: [{name: prod, branch: prod}]
YAML
git add -A && git commit -qm one
"$meshc" publish --no-push >/dev/null
old=$(git rev-parse prod)
sed -i s/3s/4s/ mesh/api.yaml
git commit -qam two
cp -r .git "$work/before"
"$meshc" publish --no-push >/dev/null
new=$(git rev-parse prod)
[ "$old" != "$new" ]

for fault in signal=KILL error=ENOSPC error=EROFS; do
	for call in mkdir write pwrite64 link unlink rename fsync; do
		for n in $(seq 1 200); do
			rm -rf .git && cp -r "$work/before" .git
			code=0
			# In a shell of its own, which keeps to itself that it was killed.
			(strace -f -o "$work/trace" -e "trace=$call" -e "inject=$call:$fault:when=$n" \
				"$meshc" publish --no-push -j 1 >"$work/out" 2>"$work/said") 2>/dev/null || code=$?
			grep -q 'INJECTED\|killed by SIGKILL' "$work/trace" || break
			tried=$((tried + 1))
			now=$(git rev-parse prod)
			[ "$now" = "$old" ] || [ "$now" = "$new" ] || wrong "the branch is $now"
			git fsck --strict --connectivity-only --no-dangling >"$work/fsck" 2>&1 || { wrong "unsound"; cat "$work/fsck"; }
			# What went well in spite of it (a folder that was there, rubbish that stays) needs no word.
			if [ "$fault" != signal=KILL ] && [ $code -ne 0 ]; then
				[ $code = 6 ] || [ $code = 4 ] || wrong "exit code $code"
				[ -s "$work/said" ] || wrong "nothing is said"
			fi
			rm -f .git/refs/heads/prod.lock .git/refs/notes/hydrator.metadata.lock .git/HEAD.lock
			"$meshc" publish --no-push >"$work/said" 2>&1 || wrong "the next run does not publish"
			[ "$(git rev-parse prod)" = "$new" ] || wrong "the next run publishes something else"
		done
	done
done
echo "$tried faults"
[ $tried -gt 100 ] || { echo "too few faults: the calls have other names here"; status=1; }
exit $status
