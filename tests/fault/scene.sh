#!/usr/bin/env bash
# A command that changes something, for walk.c: scene.sh NAME ROOT MESHC FOLDER makes in FOLDER
#   state/     where the command runs      run       its arguments
#   before/    what it changes, as it was  changed   the entries of before/
#   units      paths that are old or new, each as a whole
#   healed     paths that the next run makes new, whatever happened
#   check      a line for sh that holds of every state
#   mend       a line for sh: what a person does after a run that was killed or got no memory
set -euo pipefail
name=$1 root=$(realpath "$2") meshc=$(realpath "$3") folder=$4
export HOME=$folder GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t \
	GIT_COMMITTER_EMAIL=t@example.com GIT_AUTHOR_DATE=2026-01-02T03:04:05Z GIT_COMMITTER_DATE=2026-01-02T03:04:05Z LC_ALL=C
lines() { printf '%s\n' "$@"; }

# The example, told to print appliers; spec: more lines for it.
sources() {
	cp -r "$root/examples/bookinfo/." "$1"
	printf 'spec:\n  appliers: {repository: "https://git.example.com/rendered.git", argocd: {}, flux: {}}\n%s' "${2:-}" >>"$1/meshc.yaml"
}

# A change in what both clusters and their appliers get.
change() {
	rm "$1/mesh/ratings.yaml"
	sed -i 's/git.example.com/git2.example.com/' "$1/meshc.yaml"
}

# repository TARGET FOLDER: the sources as a commit.
repository() {
	mkdir -p "$2"
	sources "$2" "  targets: [$1]
"
	git init -q -b main --template= "$2"
	git -C "$2" add -A && git -C "$2" commit -qm one
}

commit_change() {
	change "$1"
	git -C "$1" add -A && git -C "$1" commit -qm two
}

# refs FOLDER BRANCH: what a publication moves there.
refs() {
	lines "$1/refs/heads/$2" "$1/refs/notes/hydrator.metadata" >units
	cp units healed
	lines "git -C $1 fsck --strict --connectivity-only --no-dangling" >check
	# git, too, leaves the locks of who was killed to a person.
	lines "find $1 -name '*.lock' -delete" >mend
}

mkdir -p "$folder/state" "$folder/before"
cd "$folder"
case $name in
build)
	sources state
	"$meshc" -C state build --out-dir "$folder/before/out" >/dev/null 2>&1
	change state
	lines build --out-dir out -j 1 >run
	lines out >changed
	lines out/clusters out/appliers >units
	lines out >healed
	;;
publish)
	repository '{name: prod, branch: prod}' state
	"$meshc" -C state publish --no-push >/dev/null
	commit_change state
	mv state/.git before/.git
	lines publish --no-push -j 1 >run
	lines .git >changed
	refs .git prod
	;;
publish_directory)
	repository '{name: prod, branch: main, directory: rendered}' work
	git clone -q --bare --template= work state/bare.git
	"$meshc" -C state/bare.git publish --no-push --rev main >/dev/null
	git -C work pull -q ../state/bare.git main
	commit_change work
	git -C work push -q ../state/bare.git main
	mv state/bare.git before/bare.git
	# Named by its id: the branch goes on to what is published.
	lines -C bare.git publish --no-push --rev "$(git -C work rev-parse HEAD)" -j 1 >run
	lines bare.git >changed
	refs bare.git main
	;;
push)
	repository '{name: prod, branch: prod, repository: ../remote.git}' state/work
	git init -q --bare -b main --template= state/remote.git
	"$meshc" -C state/work publish >/dev/null
	commit_change state/work
	mv state/remote.git before/remote.git
	mkdir before/work && mv state/work/.git before/work/.git && mv state/work "$folder/sources"
	lines -C work publish -j 1 >run
	lines remote.git work >changed
	refs remote.git prod
	;;
esac
