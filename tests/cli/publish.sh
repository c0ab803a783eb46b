#!/usr/bin/env bash
# What `meshc publish` and `meshc verify` say and end with: targets, waves, guards and their flags, signatures.
# Arguments: the root of the repository, meshc. What ends on the branch is for unit/driver/publish_test.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$(realpath "$2")
command -v python3 >/dev/null || { echo "python3 is not there: nothing is read as JSON"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1 LC_ALL=C GIT_{AUTHOR,COMMITTER}_NAME=t GIT_{AUTHOR,COMMITTER}_EMAIL=t@example.com
cp -r "$root/golden/bases/pair" "$work/fleet"
cd "$work/fleet"

wrong() { printf 'publish: %s\n' "$1"; cat "$work/out" "$work/err"; exit 1; }
# ends CODE COMMAND...: with stdout in out and stderr in err.
ends() {
	local wanted=$1 code=0
	shift
	"$meshc" "$@" >"$work/out" 2>"$work/err" || code=$?
	[ $code -eq "$wanted" ] || wrong "\`meshc $*\` ends with $code, not $wanted"
}
says() { grep -qE -- "$1" "$work/out" || wrong "does not say: $1"; }
warns() { grep -qF -- "$1" "$work/err" || wrong "does not warn: $1"; }
# is FILTER VALUE: what a member of the JSON is.
is() {
	local got
	got=$(python3 -c 'import json, sys; print(eval("d" + sys.argv[2], {"d": json.load(open(sys.argv[1]))}))' "$work/out" "$1")
	[ "$got" = "$2" ] || wrong "$1 is $got, not $2"
}
commit() { git add -A && git commit -qm change; }
policy() { # NAME TIMEOUT
	printf '%s\n' 'apiVersion: networking.mesh.gloo.solo.io/v1' 'kind: TrafficPolicy' "metadata: {name: $1, namespace: gloo-mesh}" 'spec:' \
		'  destinationSelector:' '  - kubeServiceRefs:' "      services: [{name: api, namespace: shop, clusterName: $1}]" \
		"  policy: {requestTimeout: $2}" >"mesh/$1.yaml"
}

mkdir mesh
git init -q -b main
cat >meshc.yaml <<'END'
apiVersion: meshc.dev/v1alpha1
kind: Fleet
metadata: {name: fleet}
spec:
  guards: {maxRemovedObjects: 0, maxRemovedPercent: 0}
  targets:
  - {name: prod, branch: env/prod, remote: ''}
  - {name: other, branch: env/other, remote: ''}
  rollout:
  - {name: canary, clusters: [c1]}
  - {name: rest}
END
policy c1 3s
policy c2 3s
commit

ends 2 publish --no-push
ends 2 publish --no-push --target nowhere
ends 0 publish --target other --dry-run -o json
is '["outcome"]' would-publish
is '["summary"]["clustersChanged"]' 1
ends 0 publish --target other --dry-run
says 'refs/heads/env/other would change$'
! git rev-parse -q --verify env/other

ends 5 publish --target prod --no-push --wave rest
warns canary
ends 0 publish --target prod --no-push
says '^refs/heads/env/prod is now [0-9a-f]{40}$'
ends 0 publish --target prod --no-push --wave rest --timings
warns 'ms'
ends 0 publish --target prod --no-push --wave rest -o json
is '["outcome"]' unchanged
is '["compiled"]' False
is '.get("summary")' None
ends 0 publish --target prod --no-push --wave rest -o json --recompile
is '["schema"]' meshc.dev/publish/v1
is '["status"]' clean
is '["outcome"]' unchanged
is '["compiled"]' True
is '["ref"]' refs/heads/env/prod
is '["source"]' "$(git rev-parse main)"
is '["commit"]' "$(git rev-parse env/prod)"
is '["summary"]["clusters"]' 1
ends 0 publish --target prod --no-push --wave rest
says '^refs/heads/env/prod is up to date with [0-9a-f]{12}: it was made from the same sources$'
ends 0 publish --target prod --no-push --wave rest --recompile
says '^refs/heads/env/prod is up to date with [0-9a-f]{12}$'

# What was published is what it should be, and says so, until somebody edits it.
ends 0 verify --target prod
says "is what $(git rev-parse main | cut -c1-12) compiles to: 2 clusters"
ends 0 verify env/prod -o json
is '["source"]' "$(git rev-parse main)"
is '["signed"]' False
is '["clusters"]' 2
ends 2 verify --staged --target prod

# Fewer objects pass with a word.
rm mesh/c1.yaml
commit
ends 5 publish --target prod --no-push
warns '--allow-removals'
ends 0 publish --target prod --no-push --allow-removals
says '0 new, 0 changed, [1-9][0-9]* removed'

# An older commit is superseded; another line of history passes with a word.
ends 0 publish --target prod --no-push --rev main~1
says 'superseded by'
ends 0 publish --target prod --no-push --rev main~1 -o json
is '["supersededBy"]' "$(git rev-parse main)"
git checkout -q -b aside main~1
policy c1 4s
commit
ends 5 publish --target prod --no-push
warns '--allow-rewind'
ends 0 publish --target prod --no-push --allow-rewind --sign "$(ssh-keygen -q -t ed25519 -N '' -f "$work/key" && echo "$work/key")"

# Signatures.
printf 't@example.com %s\n' "$(cut -d ' ' -f 1,2 "$work/key.pub")" >"$work/signers"
ends 0 publish --target prod --no-push --wave rest --sign "$work/key"
ends 0 verify --target prod
says '^signed; `--allowed-signers FILE`'
ends 0 verify --target prod --allowed-signers "$work/signers"
says '^signed by t@example.com$'
: >"$work/nobody"
ends 1 verify --target prod --allowed-signers "$work/nobody"

git worktree add -q "$work/w" env/prod
echo '# by hand' >>"$work/w/$(cd "$work/w" && git ls-files 'clusters/c1/shop/*.yaml' | sed 1q)"
git -C "$work/w" commit -qam 'a quick fix'
ends 1 verify --target prod
warns "$(git rev-parse env/prod | cut -c1-12)"
ends 1 verify --target prod -o json
is '["status"]' findings

# What the branch holds is read, to see that nothing there is used until now and gone at once.
shift_to() {
	printf '%s\n' 'apiVersion: networking.mesh.gloo.solo.io/v1' 'kind: TrafficPolicy' 'metadata: {name: shift, namespace: shop}' 'spec:' \
		'  destinationSelector:' '  - kubeServiceRefs:' '      services: [{name: api, namespace: shop, clusterName: c2}]' '  policy:' \
		'    trafficShift:' '      destinations:' \
		"      - kubeService: {name: api, namespace: shop, clusterName: c2, subset: {version: $1}}" "        weight: 100" >mesh/shift.yaml
	commit
	ends 0 publish --target other --no-push --allow-removals
	ends 0 publish --target other --no-push --allow-removals --wave rest
}
shift_to v1
shift_to v2
warns 'subset `version-v1`'

# A root of trust does not change without a word that names its kind.
cp -r "$root/golden/bases/linkerd-pair" "$work/trust"
cp -r "$root/golden/linkerd/trust-bundle/in/." "$work/trust"
cd "$work/trust"
git init -q -b main
printf 'spec:\n  targets:\n  - {name: prod, branch: env/prod, remote: %s}\n' "''" >>meshc.yaml
commit
ends 0 publish --no-push
sed -i 's/name: linkerd-root/name: other-root/' mesh/virtual-mesh.yaml
commit
ends 5 publish --no-push
warns '--confirm Bundle.trust.cert-manager.io'
ends 5 publish --no-push --confirm PeerAuthentication.security.istio.io
ends 0 publish --no-push --confirm PeerAuthentication.security.istio.io,Bundle.trust.cert-manager.io
echo "publish: says what it did"
