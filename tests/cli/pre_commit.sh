#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml under the real pre-commit: what is staged is judged, the disk is not, and nothing is
# written. Arguments: the root of the repository, meshc. Skipped (77) where there is no pre-commit.
set -euo pipefail
root=$1 meshc=$(realpath "$2")
command -v pre-commit >/dev/null || { echo "pre-commit is not installed: its hooks are not tried"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t \
	GIT_COMMITTER_EMAIL=t@example.com PRE_COMMIT_HOME=$work/cache LC_ALL=C.UTF-8
mkdir "$work/bin"
ln -s "$meshc" "$work/bin/meshc"
export PATH=$work/bin:$PATH
status=0
wrong() { echo "$1"; cat "$work/log"; status=1; }

# The hooks come from a repository, as for everybody.
git init -q -b main "$work/hooks"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks/"
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -qm hooks
git init -q -b main "$work/fleet"
cd "$work/fleet"
meshc init . >"$work/log" 2>&1
meshc build >"$work/log" 2>&1
cat >.pre-commit-config.yaml <<YAML
repos:
- repo: $work/hooks
  rev: $(git -C "$work/hooks" rev-parse HEAD)
  hooks:
  - id: meshc-check
  - id: meshc-fresh
YAML
git add -A
pre-commit install >"$work/log" 2>&1

commits() { git commit -qm "$1" >"$work/log" 2>&1 || wrong "$1: the commit is refused"; }
refused() {
	! git commit -qm "$1" >"$work/log" 2>&1 || wrong "$1: the commit is made"
	grep -q "$2" "$work/log" || wrong "$1: nothing says $2"
}

commits "fresh"
sed -i 's/requestTimeout: .*/requestTimeout: 7s/' mesh/cart.yaml
git add mesh
refused "the output is stale" MSH1012
meshc build >"$work/log" 2>&1
refused "the output is on disk, but not in the index" MSH1012
git add rendered
commits "the output is there as well"
echo 'kind: [' >>mesh/cart.yaml
git commit --allow-empty -qm "a mistake on disk is not in the commit" >"$work/log" 2>&1 || wrong "a mistake on disk counts"
git add mesh
refused "a mistake" MSH0101
git diff --quiet || wrong "a hook has written"
exit $status
