#!/usr/bin/env bash
# What a shell offers for a command line, asked of the real shell. Arguments: the root of the repository, meshc, the shell.
# Exits 77 (skipped) where the shell is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) meshc=$2 shell=$3
command -v "$shell" >/dev/null || { echo "$shell is not installed: its completion is not tested"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_CACHE_HOME=$work TERM=dumb
mkdir -p "$work/in/sources" "$work/in/sour cream"
cd "$work/in"
status=0

"$meshc" completion "$shell" >"$work/script"
case $shell in
fish) fish --no-execute "$work/script" ;;
*) "$shell" -n "$work/script" ;;
esac

# ask LINE: the words that the shell offers, one a line, without what is written already before '='.
ask_bash() {
	bash --norc --noprofile -c '
		source "$1"
		line=${2//=/ = }
		read -ra COMP_WORDS <<<"$line"
		[[ $line != *" " || $line == *"= " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_meshc
		[[ ${#COMPREPLY[@]} -eq 0 ]] || printf "%s\n" "${COMPREPLY[@]}"' - "$work/script" "$1"
}
ask_zsh() { timeout 60 zsh -f "$here/complete.zsh" "$work/script" "$1"; }
ask_fish() { fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$work/script" "$1" | cut -f 1; }

# offers LINE [WORD...]
offers() {
	local line=$1 got
	shift
	got=$("ask_$shell" "$line" | sed 's/^--[a-z-]*=//; s,/$,,; s/\\ / /g' | LC_ALL=C sort -u)
	[ "$got" = "$(printf '%s\n' "$@" | LC_ALL=C sort -u)" ] && return
	printf '%s: "%s" offers:\n%s\nand not: %s\n' "$shell" "$line" "$got" "$*"
	status=1
}

names() { "$meshc" help | sed -n '/^Commands:$/,/^$/s/^  \([a-z-]*\).*/\1/p' | sort -u; }
options() { "$meshc" help "$@" | grep -oE -- '--[a-z-]+' | sort -u; }

offers 'meshc che' check
offers 'meshc ' $(names)
offers 'meshc help ' $(names)
offers 'meshc inventory ' list
offers 'meshc help inventory ' list
offers 'meshc check --col' --color
offers 'meshc -C /tmp check --col' --color
offers 'meshc -C check buil' build
offers 'meshc check --color ' auto always never
offers 'meshc check --color=n' never
offers 'meshc build --fail-on w' warning
offers 'meshc check --output ' text json sarif junit github gitlab markdown
offers 'meshc check -o ' text json sarif junit github gitlab markdown
offers 'meshc check --jobs '
offers 'meshc inventory list --serv' --services
offers 'meshc version --serv'
offers 'meshc completion ' bash zsh fish
offers 'meshc schema --kind Traf' TrafficPolicy
offers 'meshc explain TrafficP' TrafficPolicy
offers 'meshc explain MSH020' $(seq -f 'MSH%04g' 201 209)
offers 'meshc init sou' 'sources' 'sour cream'
offers 'meshc -C so' 'sources' 'sour cream'
for command in check build 'inventory list' schema; do
	offers "meshc $command --" $(options $command)
done
[ $status -ne 0 ] || echo "completion in $shell: right"
exit $status
