# Arrows between the rooms of compiler/: awk -f layers.awk compiler/LAYERS <files below compiler/>
#
# - `#include "room/x.h"` only where compiler/LAYERS lets the room look; local.h only from its own folder's room
# - a .c file starts from base/base.h; a mesh of target/ does not look into another mesh's folder
# - library headers, getenv and printing each belong to the rooms of the tables below
# Prints file:line: what is wrong; exits with 1 if anything is.

BEGIN {
	owner["<git2.h>"] = "git"; owner["<yaml.h>"] = "tree"
	owner["<cJSON.h>"] = owner["<cjson/cJSON.h>"] = "tree"
	owner["<pthread.h>"] = owner["<xxhash.h>"] = "base"
}

function wrong(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	bad = 1
}

function check_include(name,    parts, n) {
	n = split(name, parts, "/")
	if (n < 2 || !(parts[1] in rank)) {
		wrong("include \"" name "\": start from the room, as in \"base/str.h\"")
		return
	}
	if (parts[1] != room && !((room, parts[1]) in may))
		wrong(room " may not include " parts[1] " (compiler/LAYERS)")
	if (parts[1] != room && parts[n] ~ /^local\.|_local\.h$/)
		wrong("\"" name "\" is private to " parts[1])
	if (mesh != "" && room == "target" && parts[1] == "target" && n > 2 && parts[2] != mesh && parts[2] != "gamma")
		wrong("a mesh may not include another mesh's \"" name "\"")
}

# The room that a folder below compiler/ belongs to; files directly in compiler/ have none.
FNR == 1 && FILENAME !~ /LAYERS$/ {
	path = FILENAME
	sub(/^.*compiler\//, "compiler/", path)
	n = split(path, part, "/")
	room = n > 2 ? part[2] : ""
	mesh = n > 3 ? part[3] : ""
	# Host tools of the build print what they write and read JSON themselves.
	tool = path ~ /^compiler\/(schema\/schemac[\/.]|cli\/embed[\/.])/
	first = 1
	comment = 0
}

FILENAME ~ /LAYERS$/ {
	sub(/#.*/, "")
	if (!match($0, /^[a-z]+:/))
		next
	name = substr($0, 1, RLENGTH - 1)
	rank[name] = ++rooms
	n = split(substr($0, RLENGTH + 1), below, " ")
	for (i = 1; i <= n; i++) {
		if (!(below[i] in rank)) {
			wrong(name " may not look up to " below[i])
			continue
		}
		may[name, below[i]] = 1
	}
	next
}

/^#[ \t]*include[ \t]+"/ {
	split($0, quoted, "\"")
	if (first && path ~ /\.c$/ && quoted[2] != "base/base.h")
		wrong("the first include is \"base/base.h\"")
	first = 0
	check_include(quoted[2])
	next
}

/^#[ \t]*include[ \t]+</ {
	if (first && path ~ /\.c$/)
		wrong("the first include is \"base/base.h\"")
	first = 0
	match($0, /<[^>]*>/)
	header = substr($0, RSTART, RLENGTH)
	if (header ~ /^<git2\//)
		header = "<git2.h>"
	if (header in owner && owner[header] != room && !tool)
		wrong(header " is included only in " owner[header] "/")
	next
}

{
	if (tool)
		next
	code = $0
	gsub(/\\\\/, "", code)
	gsub(/\\"/, "", code)
	gsub(/"[^"]*"/, "\"\"", code)
	gsub(/\/\*[^*]*\*\//, "", code)
	sub(/\/\/.*/, "", code)
	if (comment) {
		if (!sub(/^.*\*\//, "", code))
			next
		comment = 0
	}
	if (sub(/\/\*.*/, "", code))
		comment = 1
	if (room != "cli" && code ~ /(^|[^a-z_])(secure_)?getenv[ \t]*\(/)
		wrong("the environment is read only in cli/")
	if (room != "cli" && path != "compiler/base/bug.c" && code ~ /(^|[^a-z_])(v?f?printf|f?puts|f?putc|putchar|perror|fwrite)[ \t]*\(/)
		wrong("only cli/ prints")
}

END {
	if (!rooms) {
		print "no rooms: is the first file compiler/LAYERS?"
		bad = 1
	}
	exit bad
}
