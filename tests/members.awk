# Members of structs that no function reads: awk -v root=plan -f members.awk HEADERS -- PRINTERS
#
# Starts from `struct <root>` of the headers and follows every member whose struct stands in
# them, but for `ends`: what is printed as a reference. A member counts as read where
# a function of the printers that names its struct has `.member` or `->member`.
# -v except="struct.member ...": those that need not be. Prints what is missing; exits with 1 if anything is.

BEGIN {
	n = split(ends, words, " ")
	for (i = 1; i <= n; i++)
		is_end[words[i]] = 1
	n = split(except, words, " ")
	for (i = 1; i <= n; i++)
		is_excepted[words[i]] = 1
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] == "--") {
			ARGV[i] = ""
			for (i++; i < ARGC; i++)
				is_printer[ARGV[i]] = 1
		}
}

# Without comments, strings and what the preprocessor reads; they may span lines.
{
	line = $0
	gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
	gsub(/\/\*[^*]*(\*[^*\/][^*]*)*\*\//, " ", line)
	if (comment) {
		if (!sub(/^.*\*\//, "", line))
			next
		comment = 0
	}
	if (sub(/\/\*.*/, "", line))
		comment = 1
	if (line ~ /^#/)
		next
}

# A function, or anything else at file scope, ends at the brace in the first column.
FILENAME in is_printer {
	chunk = chunk line "\n"
	if (line ~ /^[};]/) {
		keep_function(chunk)
		chunk = ""
	}
	next
}

line ~ /^struct [a-z_]+ \{/ {
	split(line, words, " ")
	name = words[2]
	sub(/^[^{]*\{/, "", line)
	body = ""
}

name != "" {
	if (line ~ /^}/) {
		add_members(name, body)
		name = ""
	} else {
		body = body " " line
	}
}

function keep_function(text,    rest, of) {
	rest = text
	while (match(rest, /struct [a-z_]+/)) {
		of = substr(rest, RSTART + 7, RLENGTH - 7)
		if (index(reads[of], text) == 0)
			reads[of] = reads[of] text
		rest = substr(rest, RSTART + RLENGTH)
	}
}

# "struct str name, space; VEC(struct route) routes; const void *value[MAX];"
function add_members(name, body,    n, i, all, declaration, type, names, m, j) {
	n = split(body, all, ";")
	for (i = 1; i <= n; i++) {
		declaration = all[i]
		gsub(/\[[^]]*\]|[*]|const /, " ", declaration)
		gsub(/[ \t\n]+/, " ", declaration)
		sub(/^ /, "", declaration)
		sub(/ $/, "", declaration)
		if (declaration == "")
			continue
		type = ""
		if (match(declaration, /struct [a-z_]+/))
			type = substr(declaration, RSTART + 7, RLENGTH - 7)
		if (declaration ~ /^VEC\(/)
			sub(/^VEC\([^)]*\) ?/, "", declaration)
		else
			sub(/^(struct |enum )?[a-z_0-9]+ /, "", declaration)
		m = split(declaration, names, /, */)
		for (j = 1; j <= m; j++) {
			count[name]++
			member[name, count[name]] = names[j]
			type_of[name, count[name]] = type
		}
	}
}

# A VEC that has a name: what it holds is read, not how much room it has.
function is_list(name,    i) {
	for (i = 1; i <= count[name]; i++)
		if (member[name, i] !~ /^(at|n|cap)$/)
			return 0
	return 1
}

function check(name,    i, what) {
	if (name in seen || name in is_end || !(name in count))
		return
	seen[name] = 1
	for (i = 1; i <= count[name]; i++) {
		what = name "." member[name, i]
		if (!is_list(name) && !(what in is_excepted) && reads[name] !~ "(->|\\.)" member[name, i] "[^a-zA-Z0-9_]") {
			print what ": nobody prints it"
			bad = 1
		}
		used[what] = 1
		if (type_of[name, i] != "")
			check(type_of[name, i])
	}
}

END {
	check(root)
	if (!(root in seen)) {
		print "there is no struct " root
		bad = 1
	}
	for (what in is_excepted)
		if (!(what in used)) {
			print what ": an exception for what is not there"
			bad = 1
		}
	exit bad
}
