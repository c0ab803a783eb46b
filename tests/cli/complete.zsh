# Prints what zsh offers for a command line, one word a line. Arguments: the completion script, the line.
# A zsh of its own, in a terminal of its own, is asked with a TAB; compadd says what it was given.
emulate -R zsh
zmodload zsh/zpty
zpty asked zsh -f -i
put() { zpty -w asked "$1"; }
put "PROMPT= RPROMPT= PS2=; unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -d \$HOME/dump; source ${(q)1}"
put 'compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
	local -a offered
	builtin compadd -A offered "$@"
	builtin compadd "$@"
	(( $#offered )) && print -rl -- "" "offer:"$^offered
	return 0
}'
put 'finished() { print -r -- "" "that is all"; exit; }; ask() { zle complete-word; finished; }'
put 'zle -N ask; bindkey "^T" ask; stty -echo; print ready-now'
local text= line
while zpty -r asked line; do [[ $line == ready-now* ]] && break; done
zpty -w -n asked "$2"$'\C-t'
while zpty -r asked line; do
	text+=$line
	[[ $line == *that\ is\ all* ]] && break
done
print -r -- "${text//$'\r'/}" | sed -n 's/^offer://p' | sed 's/[[:space:]]*$//' | LC_ALL=C sort -u
zpty -d asked
