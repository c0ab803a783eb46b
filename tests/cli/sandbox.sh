#!/usr/bin/env bash
# The real meshc goes into the sandbox before it reads, and what gets into it stays there.
# Arguments: the root of the repository, meshc, the library of cli/intruder.c. Exits 77 where the kernel or strace lacks something.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$2 intruder=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0 skipped=0
wrong() { echo "$*"; status=1; }
skip() { echo "SKIPPED: $*"; skipped=77; }

export GIT_CONFIG_NOSYSTEM=1 HOME=$work GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.com
cp -r "$root/examples" "$work/examples"
cd "$work/examples"
fleets=(*/meshc.yaml) && fleets=("${fleets[@]%/meshc.yaml}")
for fleet in "${fleets[@]}"; do
	(cd "$fleet" && git init -q && git add . && git commit -qm "as it is")
done

# A branch for verify, in a clone of its own.
git clone -q minimal published
printf 'spec:\n  targets: [{name: prod, branch: rendered, remote: ""}]\n' >>published/meshc.yaml
git -C published commit -qam target
"$meshc" -C published publish --no-push 2>/dev/null >&2

# ---- An intruder: INTRUDER_SOURCE, then the command.
tries() { INTRUDER_SOURCE=$1 LD_PRELOAD=$intruder "$meshc" "${@:2}" 2>&1 >/dev/null | sed -n 's/^intruder: //p'; }

source=$PWD/bookinfo/meshc.yaml
free="open-passwd done open-top done read-source done write-source done socket done fork done execve done"
held="open-passwd EACCES open-top EACCES read-source EACCES write-source E.* socket EPERM fork EPERM execve EPERM"
half="open-passwd done open-top done read-source done write-source .* socket EPERM fork EPERM execve EPERM"
want=$held
kernel=$(tries "$source" -C bookinfo check --sandbox=off | sed -n 's/^\(no-\)\?landlock .*/\1landlock/p')
tries "$source" -C bookinfo check --sandbox=off | grep '^seccomp ' >/dev/null || { echo "SKIPPED: this kernel has no seccomp"; exit 77; }
[ "$kernel" = landlock ] || { want=$half; skip "this kernel has no landlock: files are not tested"; }
for command in "-C published verify" "-C published verify rendered" "check" "check --staged" "build --out-dir $work/out" "build" "diff" "diff --base HEAD --head HEAD" "inventory list" "why --source mesh/reviews.yaml:9"; do
	got=$(tries "$source" -C bookinfo $command | tail -n +3 | tr '\n' ' ')
	[[ "$got" =~ ^$want\ $ ]] || wrong "$command: an intruder gets: $got"
	got=$(tries "$source" -C bookinfo $command --sandbox=off | tail -n +3 | tr '\n' ' ')
	[[ "$free " == "$got"* ]] || wrong "$command --sandbox=off: an intruder gets: $got"
done

# ---- Every kind of clone can be read inside.
mode=require
[ "$kernel" = landlock ] || mode=auto
git clone -q --shared bookinfo shared
git clone -q --shared shared chain
git clone -q --bare bookinfo bare.git
git -C bookinfo worktree add -q ../tree HEAD
git clone -q bookinfo packed && git -C packed repack -adq
git clone -q bookinfo linked && mv linked/.git/objects objects && ln -s ../../objects linked/.git/objects
git clone -q bookinfo includes && printf '[core]\n' >"$work/more" && git -C includes config include.path "$work/more"
mkdir parent && git -C parent init -q && git -C parent -c protocol.file.allow=always submodule add -q ../bookinfo sub 2>/dev/null
for clone in bookinfo shared chain bare.git tree packed linked includes parent/sub; do
	for command in "check --rev HEAD" "check --staged" "diff --base HEAD --head HEAD" "build --rev HEAD --out-dir $work/of"; do
		[ "$clone $command" != "bare.git check --staged" ] || continue
		"$meshc" -C "$clone" $command --sandbox=$mode >"$work/log" 2>&1 || { wrong "$clone: $command: exits with $?"; cat "$work/log"; }
	done
done

# ---- What was made for an output goes again where nothing is built.
git clone -q bookinfo broken && sed -i 's/weight: 25/weight: 35/' broken/mesh/reviews.yaml
for to in "" "--out-dir $work/deep/er/out"; do
	code=0
	"$meshc" -C broken build $to >"$work/log" 2>&1 || code=$?
	[ $code -eq 3 ] || { wrong "a broken build exits with $code"; cat "$work/log"; }
	[ ! -e broken/rendered ] && [ ! -e "$work/deep" ] || wrong "a broken build leaves a folder"
done

# ---- No link of the repository leads the output elsewhere, whatever the sandbox.
mkdir "$work/elsewhere"
git clone -q minimal led && printf 'spec:\n  output: a/b\n' >>led/meshc.yaml && ln -s "$work/elsewhere" led/a
for mode in auto off; do
	code=0
	"$meshc" -C led build --sandbox=$mode >"$work/log" 2>&1 || code=$?
	grep -q 'MSH0902.*`led/a` is a symbolic link' "$work/log" && [ $code -eq 3 ] || { wrong "a link to an output: exits with $code"; cat "$work/log"; }
	[ -z "$(ls -A "$work/elsewhere")" ] || wrong "the output went through a link"
done

# ---- The order of system calls.
# before the first byte of a source: landlock and seccomp; before the first thread: the second layer of landlock; and after it no file but those of the output.
order='
	/landlock_restrict_self\(.* = 0/ { layers++; next }
	/seccomp\(SECCOMP_SET_MODE_FILTER,.* = 0/ { filters++; next }
	/clone/ && / = [0-9]+$/ { if (layers < 2) wrong("a thread before the second layer"); next }
	!/ open(at)?\(/ || /O_PATH/ || !/ = [0-9]+$/ { next }
	/\.yaml"|\/objects\/[0-9a-f][0-9a-f]\/|\.pack"|\/index"/ {
		if (!layers || !filters) wrong("a source before the sandbox")
		sources++
	}
	layers == 2 && !writes { wrong("a file after the second layer") }
	function wrong(what) { print command ": " what ": " $0; bad = 1 }
	END {
		if (layers != 2 || filters != 1) { print command ": " layers + 0 " layers of landlock, " filters + 0 " filters"; bad = 1 }
		if (!sources) { print command ": no source was read"; bad = 1 }
		exit bad
	}'
if [ "$kernel" != landlock ]; then
	:
elif ! strace -o /dev/null true 2>/dev/null; then
	skip "strace does not run here: the order of system calls is not tested"
else
	for fleet in "${fleets[@]}"; do
		for command in "check" "check --rev HEAD" "build" "diff" "diff --base HEAD --head HEAD" "inventory list"; do
			code=0
			strace -f -qq -e trace=openat,open,clone,clone3,landlock_restrict_self,seccomp -o "$work/calls" \
				"$meshc" -C "$fleet" $command -j 4 >"$work/log" 2>&1 || code=$?
			[ "$code" -eq 0 ] || { wrong "$fleet: $command: exits with $code"; cat "$work/log"; }
			case $command in build*) writes=1 ;; *) writes=0 ;; esac
			awk -v command="$fleet: $command" -v writes=$writes "$order" "$work/calls" || status=1
		done
	done
fi
[ $status -ne 0 ] || [ $skipped -eq 0 ] || exit $skipped
exit $status
