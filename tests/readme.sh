#!/usr/bin/env bash
# Commands in the documents do what the documents say. Arguments: the root of the repository, meshc.
#
# In README.md and examples/*/README.md, a block that starts with ```console holds lines "$ command" and below
# each what it prints. All commands of one document run in one copy of examples/, in order; where output is shown
# it must come out so ("..." alone on a line stands for any lines, times in ms are not compared). A command may
# end in "# exits N". What installs, clones or runs the tests themselves is not run again here.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
ran=0

# Lines with times evened out, trailing blanks gone.
even() { sed -E 's/[0-9]+ ms$/N ms/; s/[[:space:]]+$//' "$1" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }

# matches EXPECTED GOT: line by line, "..." skips.
matches() {
	awk -v expected="$1" '
		BEGIN { while ((getline line < expected) > 0) want[++n] = line; i = 1 }
		{
			if (skipping && i <= n && $0 == want[i]) skipping = 0
			while (!skipping && i <= n && want[i] == "...") { skipping = 1; i++; if (i <= n && $0 == want[i]) skipping = 0 }
			if (skipping) next
			if (i > n || $0 != want[i]) { bad = 1; exit }
			i++
		}
		END {
			while (i <= n && want[i] == "...") i++
			exit bad || i <= n
		}' "$2"
}

run_command() {
	local document=$1 command=$2 expected=$3 wanted=0 code=0
	case $command in
	*"make -f Makefile.ci"* | *"git clone"* | cd\ * | *"apt-get"* | *"sudo "* | *"make install"* | *"cmake "* | ".ci/run"*) return ;;
	esac
	[[ $command =~ \#\ exits\ ([0-9]+) ]] && wanted=${BASH_REMATCH[1]}
	(cd "$work/tree" && PATH="$work/bin:$PATH" NO_COLOR=1 \
		GIT_AUTHOR_NAME=reader GIT_AUTHOR_EMAIL=reader@example.com GIT_COMMITTER_NAME=reader GIT_COMMITTER_EMAIL=reader@example.com bash -c "$command") >"$work/got" 2>&1 </dev/null || code=$?
	ran=$((ran + 1))
	if [ "$code" -ne "$wanted" ]; then
		echo "$document: \$ $command: exits with $code, not $wanted"
		cat "$work/got"
		status=1
		return
	fi
	[ -s "$expected" ] || return 0
	even "$expected" >"$work/expected.even"
	even "$work/got" >"$work/got.even"
	if ! matches "$work/expected.even" "$work/got.even"; then
		echo "$document: \$ $command: prints something else"
		diff -u --label document --label got "$work/expected.even" "$work/got.even" || true
		status=1
	fi
}

run_document() {
	local document=$1 line command="" inside=0
	rm -rf "$work/tree"
	mkdir -p "$work/tree"
	cp -r "$root/README.md" "$root/examples" "$work/tree/"
	mkdir -p "$work/tree/build"
	ln -sf "$meshc" "$work/tree/build/meshc"
	: >"$work/expected"
	while IFS= read -r line || [ -n "$line" ]; do
		if [ $inside = 0 ]; then
			[ "$line" != '```console' ] || inside=1
			continue
		fi
		if [ "$line" = '```' ] || [[ $line == '$ '* ]]; then
			[ -z "$command" ] || run_command "$document" "$command" "$work/expected"
			command=""
			: >"$work/expected"
			[ "$line" != '```' ] || { inside=0; continue; }
			command=${line#'$ '}
			continue
		fi
		printf '%s\n' "$line" >>"$work/expected"
	done <"$root/$document"
}

# check_table NAME COMMAND...: the table of that name in README.md is what the command prints.
check_table() {
	local name=$1
	shift
	sed "1,/^<!-- $name:begin -->\$/d; /^<!-- $name:end -->\$/,\$d" README.md >"$work/table"
	"$meshc" "$@" | diff -u --label README.md --label "meshc $*" "$work/table" - || status=1
}

mkdir -p "$work/bin"
ln -s "$meshc" "$work/bin/meshc"
cd "$root"
for document in README.md examples/*/README.md; do
	[ ! -f "$document" ] || run_document "$document"
done
check_table fields schema --markdown
check_table capabilities describe --capabilities --markdown
echo "$ran commands"
[ "$ran" -gt 0 ] || { echo "no command found: are the blocks marked console?"; status=1; }
exit $status
