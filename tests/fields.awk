# Walks every field of every kind, as the generated tables have them, and names those that nobody reads.
#
#	awk -f fields.awk fields.txt read decode.c feature.def kinds.def model.gen.c
#
# A field has a reader where front/, model/, plan/, rules/, target/ or applier/ reads its member (`read STRUCT.MEMBER ROOM`, from
# fields.sh). What a document is (apiVersion, kind, metadata.name) is read from the tree in front/decode.c. A value of a
# declaration that targets read and the plan does not must be a row of feature.def: every target then says what it makes of it.
# Marks of the schemas (ignored, later, renamed) are answers in themselves: such fields have no member. fields.txt lists
# what counts although no line reads it, with the reason; a row that is needed by nothing is wrong too.

function wrong(text) { print text; status = 1 }

FILENAME ~ /fields\.txt$/ {
	if ($0 !~ /^(#|$)/) {
		excused[$1] = 0
		if (NF < 2) wrong("fields.txt: " $1 " has no reason")
	}
	next
}

$1 == "read" { readers[$2] = readers[$2] " " $3; next }

FILENAME ~ /decode\.c$/ {
	while (match($0, /S\("[A-Za-z]+"\)/)) {
		from_tree[substr($0, RSTART + 3, RLENGTH - 5)] = 1
		$0 = substr($0, RSTART + RLENGTH)
	}
	next
}

FILENAME ~ /feature\.def$/ {
	if (match($0, /^(SETTING|PART|MATCH|ACCESS|MESH)\(/)) {
		word = substr($0, 1, RLENGTH - 1)
		split($0, quoted, "\"")
		below = word == "MATCH" ? "TrafficPolicy.spec." : word == "ACCESS" ? "AccessPolicy.spec." : \
			word == "MESH" ? "VirtualMesh.spec." : "TrafficPolicy.spec.policy."
		feature[below quoted[2]] = 0
	}
	next
}

FILENAME ~ /kinds\.def$/ {
	if (/^KIND\(/) {
		split($0, part, /[(,] */)
		split($0, quoted, "\"")
		root[++n_roots] = part[3]
		title[n_roots] = quoted[2]
		declares[n_roots] = /ROLE_DECLARATION/
	}
	next
}

# model.gen.c: one table per struct, one block of lines per field.
/^static const struct shape_field fields_of_/ { of = $5; sub(/^fields_of_/, "", of); sub(/\[.*/, "", of); next }
/^\t\{$/ { i = ++n_fields[of]; next }
/^\t\t\.name = / { split($0, quoted, "\""); name[of, i] = quoted[2]; next }
/^\t\t\.renamed_to = / { renamed[of, i] = 1; next }
/^\t\t\.shape = / { shape[of, i] = $3; gsub(/&shape_|,/, "", shape[of, i]); next }
/^\t\t\.offset = / { member[of, i] = $NF; sub(/\),$/, "", member[of, i]); next }

function is_read_from_tree(path, name) {
	return name in from_tree && (path ~ /^[A-Za-z]+\.(apiVersion|kind|metadata)$/ ||
		path ~ /^[A-Za-z]+\.metadata\.(name|namespace)$/)
}

# The member, the path or one above it stands in fields.txt.
function is_excused(path, key) {
	if (key in excused)
		return ++excused[key]
	for (; path != ""; path = path ~ /\./ ? substr(path, 1, match(path, /\.[^.]*$/) - 1) : "")
		if (path in excused) {
			excused[path]++
			return 1
		}
	return 0
}

function check(of, i, path, declared,   key) {
	key = of "." member[of, i]
	if (path in feature)
		feature[path]++
	if (!member[of, i] || renamed[of, i])
		return
	n_checked++
	if (!(key in readers)) {
		if (!is_read_from_tree(path, name[of, i]) && !is_excused(path, key))
			wrong(path ": nobody reads struct " of ", member " member[of, i])
	} else if (declared && !shape[of, i] && readers[key] ~ /target/ && readers[key] !~ /plan/ && !(path in feature) &&
		!is_excused(path, key))
		wrong(path ": targets read it and the plan does not, and it is no row of feature.def")
}

function walk(of, path, declared,   i) {
	if (open[of]++) # a shape within itself
		wrong(path ": struct " of " within itself")
	for (i = 1; i <= n_fields[of]; i++) {
		check(of, i, path "." name[of, i], declared)
		if (shape[of, i] && open[of] == 1)
			walk(shape[of, i], path "." name[of, i], declared)
	}
	open[of]--
}

END {
	for (k = 1; k <= n_roots; k++)
		walk(root[k], title[k], declares[k])
	for (path in feature)
		if (!feature[path])
			wrong("feature.def: " path " is no field")
	for (path in excused)
		if (!excused[path])
			wrong("fields.txt: " path " needs no excuse")
	if (n_checked < 300)
		wrong("only " n_checked + 0 " fields?")
	exit status
}
