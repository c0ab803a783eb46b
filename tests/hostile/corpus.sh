#!/usr/bin/env bash
# The hostile corpus: sources that somebody made to hurt. Each is refused with its finding, or compiles, within so much processor
# time and memory of the real program; time on a clock is not judged, so that a busy machine is no failure. Arguments: the root of the repository, meshc, measure, seconds, MiB (0: not judged).
set -euo pipefail
root=$1 meshc=$2 measure=$3 seconds=$4 most=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t \
	GIT_COMMITTER_EMAIL=t@example.com MEASURE_STDERR=1
failed=0 items=0

# judge NAME CODE EXIT MIB ARGUMENT...: meshc in the folder `in`. CODE `-`: no finding may say no.
judge() {
	local name=$1 code=$2 exit=$3 mib=$4 fault="" user kib status
	shift 4
	items=$((items + 1))
	(cd in && "$meshc" "$@" >../said 2>&1) || true
	read -r _ user _ kib status < <(cd in && "$measure" "$meshc" "$@" 2>/dev/null)
	[ "$status" = "$exit" ] || fault+=" exit $status, not $exit;"
	[ "$code" = - ] || grep -qF "[$code]" said || fault+=" no $code;"
	awk -v user="$user" -v most="$((seconds * ${times:-1}))" 'BEGIN { exit user > most }' || fault+=" $user s;"
	[ "$most" = 0 ] || [ "$kib" -le $((mib * 1024)) ] || fault+=" $((kib / 1024)) MiB;"
	printf '%-34s %-8s %7s s %4d MiB%s\n' "$name" "$code" "$user" $((kib / 1024)) "${fault:+  FAILED:$fault}"
	[ -z "$fault" ] || { head -n 5 said; failed=1; }
}

# item NAME CODE EXIT COMMAND...: `check` of the base after COMMAND, which runs in it.
item() {
	local name=$1 code=$2 exit=$3
	shift 3
	rm -rf in
	cp -r "$root/golden/bases/single" in
	mkdir -p in/mesh
	(cd in && "$@")
	judge "$name" "$code" "$exit" "${mib:-$most}" check
}

# repeat TEXT BYTES
repeat() { head -c "$2" < <(yes "$1" | tr -d '\n'); }

file() { cat >"$1"; }
text() { printf "$1" >mesh/a.yaml; }
many() { repeat "$1" "$2" >mesh/a.yaml; }
lines() { head -n "$2" < <(yes -- "$1") >mesh/a.yaml; }

# policies N: awk code for the body of policy i.
policies() {
	awk -v n="$1" "BEGIN { for (i = 0; i < n; i++) {
		printf \"---\\napiVersion: networking.mesh.gloo.solo.io/v1\\nkind: TrafficPolicy\\nmetadata: {name: p%d, namespace: shop}\\n\", i
		print \"spec:\\n  destinationSelector: [{kubeServiceMatcher: {labels: {app: api}}}]\"
		$2
	} }" >mesh/a.yaml
}

bomb() { # ANCHORS
	awk 'BEGIN { printf "a0: &a0 [x]\n"; for (i = 1; i < 30; i++) { printf "a%d: &a%d [", i, i
		for (k = 0; k < 9; k++) printf "*a%d, ", i - 1; print "*a" i - 1 "]" } }' >mesh/a.yaml
}

keys() { awk -v n="$1" 'BEGIN { print "apiVersion: v1\nkind: X\nmetadata: {name: a}\nspec:"; for (i = 0; i < n; i++) print "  k" i ": 1" }' >mesh/a.yaml; }

key() {
	printf -- '-----BEGIN PRIVATE %s-----\n%s\n-----END PRIVATE %s-----\n' KEY MC4CAQAwBQYDK2VwBCIEIA== KEY | sed 's/^/    /'
}

# Text, and what parsers do with it.
item "depth, 100 KB of [" MSH0111 1 many "[" 100000
item "depth, 400 KB of [[]," MSH0111 1 many "[[]," 400000
item "depth, braces" MSH0111 1 many "{a: " 400000
item "alias bomb" MSH0107 1 bomb
item "undefined alias" MSH0108 1 text 'a: *x\n'
item "merge key" MSH0114 1 text 'a: {<<: {b: 1}}\n'
item "own tag" MSH0109 1 text 'a: !!python/object:os.system x\n'
item "20,000 %TAG" MSH0110 1 lines '%TAG !abcdefgh! tag:example.com,2026:' 20000
item "duplicate key" MSH0106 1 text 'a: 1\na: 2\n'
item "300,000 keys" MSH0125 1 keys 300000
item "UTF-16" MSH0102 1 text '\xff\xfea\0:\0 \0b\0'
item "not UTF-8" MSH0102 1 text 'a: caf\xe9\n'
item "NUL" MSH0103 1 text 'a: \0\n'
item "byte order mark" MSH0104 1 text '\xef\xbb\xbfa: b\n'
item "control character" MSH0105 1 text 'a: \x1b[2J\n'
item "4 MiB in one value" MSH0112 1 many "aaaaaaa" 4000000
item "10,000 broken documents" MSH0101 1 lines '--- ]' 10000
item "a million documents" MSH0113 1 lines '---' 1000000
item "4 MiB of comments" MSH0121 0 lines '#' 2000000
item "not an object" MSH0120 1 text '[1, 2]\n'
item "name that leaves its folder" MSH0128 1 policies 1 'sub(/p0/, "p0"); print "  policy: {requestTimeout: 2s}\n---\napiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\nmetadata: {name: ../../x}"'
item "text that YAML 1.1 retypes" MSH0138 1 policies 1 'print "  policy: {faultInjection: {percentage: 50, abort: {httpStatus: 500}}}\n  httpRequestMatchers: [{headers: [{name: x, value: on}]}]"'

# Files and folders.
item "5 MiB" MSH0905 6 truncate -s 5M mesh/a.yaml
item "65 MiB of inventory" MSH0905 6 truncate -s 65M inventory/c1/dump.yaml
item "a link out" MSH0902 1 ln -s /etc/passwd mesh/a.yaml
item "a folder that is a link" MSH0902 1 ln -s / mesh/a
item "a pipe" MSH0901 6 mkfifo mesh/a.yaml
item "a submodule" MSH0902 1 mkdir -p mesh/a/.git
item "an LFS pointer" MSH0911 1 text 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'
deep() { mkdir -p "mesh/$(repeat a/ 200)"; }
item "100 folders deep" MSH0901 6 deep
crowd() { mkdir mesh/d && cd mesh/d && seq -f '%.0f.yaml' 50001 | xargs touch; }
item "50,001 files" MSH0906 6 crowd
heap() { for i in $(seq 17); do truncate -s 64M "inventory/c1/$i.yaml"; done; }
item "1 GiB together" MSH0907 6 heap
outside() { printf 'apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nspec: {%s}\n' "$1" >meshc.yaml; }
item "sources outside" MSH0128 1 outside 'mesh: [../../etc]'
item "inventory at /" MSH0128 1 outside 'inventory: /'

# Secrets.
secret() { { printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  key: |\n'; key; } >mesh/a.yaml; }
item "a Secret" MSH0910 1 secret
item "a kubeconfig" MSH0910 1 text 'apiVersion: v1\nkind: Config\nusers: [{name: a, user: {token: abc}}]\n'

# Meaning that takes long.
item "9,000 policies that agree" - 0 policies 9000 'print "  policy: {requestTimeout: 2s}"'
item "9,000 policies that do not" MSH0401 1 policies 9000 'print "  policy: {requestTimeout: " i + 1 "s}"'
item "500 prefixes in one another" - 0 policies 500 \
	'printf "  policy: {requestTimeout: %ds}\n  httpRequestMatchers: [{uri: {prefix: /%s}}]\n", i + 1, path; path = path "a"'
item "300 headers that overlap" MSH0408 1 policies 300 'print "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{headers: [{name: x" i ", value: a}]}]"'
item "20,000 headers in one matcher" - 0 policies 1 \
	'print "  policy: {requestTimeout: 2s}\n  httpRequestMatchers:\n  - headers:"; for (k = 0; k < 20000; k++) print "    - {name: h" k ", value: v}"'
item "20,000 times one header" MSH0409 1 policies 1 \
	'print "  policy: {requestTimeout: 2s}\n  httpRequestMatchers:\n  - headers:"; for (k = 0; k < 20000; k++) print "    - {name: h, value: v}"'
item "200 expressions, 200 long paths" MSH0418 1 policies 400 \
	'p = ""; while (length(p) < 900) p = p "ab"; printf "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{uri: {%s}}]\n", i % 2 ? "regex: \"/.*a.*b.*" i "\"" : "exact: /" p i'
item "3,000 large expressions" MSH0408 1 policies 3000 \
	'r = ""; for (k = 0; k < 9; k++) r = r ".{1000}"; printf "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{headers: [{name: x%d, value: \"%s\", regex: true}]}]\n", i, r'
item "a large expression 1,000 times" MSH0418 1 policies 1001 \
	'p = ""; while (length(p) < 2800) p = p "ab"; if (!i) printf "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{uri: {exact: /%s}}]\n", p
	else printf "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{uri: {regex: \"/.{0,900}.{0,900}.{0,400}.*\"}, headers: [{name: x%d}]}]\n", i'
item "expressions in one another" - 0 policies 1 'print "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{uri: {regex: \"(a|(b|(c|d)*)*)*e\"}}]"'
item "an expression of a million parts" MSH0407 1 policies 1 \
	'print "  policy: {requestTimeout: 2s}\n  httpRequestMatchers: [{uri: {regex: \"((((a{1,100}){1,100}){1,100}){1,100})\"}}]"'
accounts() {
	awk 'BEGIN { print "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {name: a, namespace: shop}\nspec:"
		print "  destinationSelector: [{kubeServiceMatcher: {labels: {app: api}}}]\n  sourceSelector:\n  - kubeServiceAccountRefs:\n      serviceAccounts:"
		for (i = 0; i < 20000; i++) print "      - {name: s" i ", namespace: shop, clusterName: c1}" }' >mesh/a.yaml
}
item "20,000 accounts in one policy" MSH0205 0 accounts

# A repository that somebody made.
repository() { git init -q . && "$@" && git add -A && git commit -qm a; }
of_git() {
	local name=$1 code=$2 exit=$3 command=$4
	shift 4
	rm -rf in
	cp -r "$root/golden/bases/single" in
	(cd in && repository true && "$@")
	judge "$name" "$code" "$exit" "$most" $command
}
# The branch `bad`, with the tree that is read as its folder mesh.
commit_mesh() {
	local tree
	read -r tree
	tree=$(printf '040000 tree %s\tmesh\n100644 blob %s\tmeshc.yaml\n' "$tree" "$(git rev-parse HEAD:meshc.yaml)" | git mktree)
	git branch bad "$(git commit-tree -m a "$tree")"
}
# grow FILE LEVELS: trees that hold the tree below ten times.
grow() {
	local tree blob level
	blob=$(echo 'a: 1' | git hash-object -w --stdin)
	tree=$(printf '100644 blob %s\t%s\n' "$blob" "$1" | git mktree)
	for ((level = 0; level < $2; level++)); do
		tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\tf%s\n' "$tree" $i; done | git mktree)
	done
	echo "$tree" | commit_mesh
}
# One blob of 4 MiB under 300 names.
twins() {
	local blob
	truncate -s 4M big
	blob=$(git hash-object -w big)
	for i in $(seq 300); do printf '100644 blob %s\t%s.yaml\n' "$blob" "$i"; done | git mktree | commit_mesh
}
of_git "10^10 files in ten trees" MSH0906 6 "check --rev bad" grow a.yaml 10
of_git "10^10 names in ten trees" MSH0901 6 "check --rev bad" grow README 10
of_git "1 GiB in a commit" MSH0907 6 "check --rev bad" twins
of_git "100 trees deep" MSH0901 6 "check --rev bad" grow a.yaml 70
of_git "a revision that is an option" - 2 "check --rev --upload-pack=id" true
target() { outside "targets: [{name: a, branch: b, $1}]" && git add -A && git commit -qm b; }
of_git "a remote that runs a command" MSH0920 6 "publish --dry-run" target 'repository: "ext::sh -c id"'
of_git "a remote that is an option" MSH0920 6 "publish --dry-run" target 'repository: "--upload-pack=id"'
link() { ln -s /etc/passwd mesh.yaml && mkdir -p mesh && mv mesh.yaml mesh/ && git add -A && git commit -qm b; }
of_git "a link in a commit" MSH0902 1 "check --rev HEAD" link

echo "$items items"
exit $failed
