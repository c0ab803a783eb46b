#!/usr/bin/env bash
# What commands print where every run differs, or where it is the same table three times: timings, lists, capabilities.
# Arguments: the root of the repository, meshc.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$(realpath "$2")
command -v python3 >/dev/null || { echo "python3 is not there: nothing is read as JSON"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
wrong() { echo "results: $1"; exit 1; }

# One table, three forms.
"$meshc" describe --capabilities >text
"$meshc" describe --capabilities --markdown >markdown
"$meshc" describe --capabilities -o json >json
python3 - <<'END'
import json
import re

rows = json.load(open("json"))["capabilities"]
meshes = [cell["mesh"] for cell in rows[0]["meshes"]]
assert len(rows) > 60 and len(meshes) > 1, "hardly any rows"
for row in rows:
    assert [cell["mesh"] for cell in row["meshes"]] == meshes, row
cells = [(cell["mesh"], cell["level"] + (" since " + cell["since"] if cell["since"] else ""), cell["text"])
         for row in rows for cell in row["meshes"]]
read = [re.split(r" {2,}", line.strip()) for line in open("text")][1:]
assert [tuple((line + [""])[:3]) if line[0] in meshes else tuple((line + [""])[2:5]) for line in read] == cells, "text"
titles = ["`" + row["field"] + "`" + (": " + row["case"] if row["case"] else "") for row in rows]
read = [line.split(" | ") for line in open("markdown") if line.startswith("| `")]
assert [line[0].removeprefix("| ") for line in read] == titles, "Markdown"
assert [len(line) for line in read] == [1 + len(meshes)] * len(rows), "cells of Markdown"
END
code=0
"$meshc" describe 2>said || code=$?
[ $code -eq 2 ] && grep -q -- --capabilities said || wrong 'describe without a word about what'

# Phases and counts, and the result as without them.
cp -r "$root/examples/bookinfo" fleet
"$meshc" -C fleet build --out-dir ../out --timings -v --worktree >table 2>said
"$meshc" -C fleet build --out-dir ../again --verbose >verbose
for phase in load read resolve rules plan render settle publish total; do
	grep -Eqx "phase $phase [0-9]+\.[0-9]{3} ms" said || wrong "no time of $phase"
done
[ "$(sed -n 's/^count files-read //p' said)" = "$(find fleet -name '*.yaml' | wc -l)" ] || wrong 'files that were read'
[ "$(sed -n 's/^count bytes-read //p' said)" = "$(find fleet -name '*.yaml' -exec cat {} + | wc -c)" ] || wrong 'bytes that were read'
[ "$(sed -n 's/^count objects //p' said)" = "$(cat out/clusters/*/MESHC.index | grep -vc "^#")" ] || wrong 'objects'
[ "$(sed -n 's/^count bytes //p' said)" = "$(find out -type f -exec cat {} + | wc -c)" ] || wrong 'bytes that were written'
diff -r out again
diff <(sed "s/, [0-9]* ms$//" table) <(sed "s/, [0-9]* ms$//" verbose)
grep -q '^cluster-1 ' verbose && grep -q '^cluster-2 ' verbose || wrong 'clusters in the table'

# A list of findings is cut where it is told to be.
for i in 1 2 3 4 5; do
	printf 'apiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\nmetadata: {name: p%s, namespace: bookinfo}\nspec: {wrong: 1}\n' $i >fleet/mesh/p$i.yaml
done
findings() { "$meshc" -C fleet check "$@" 2>&1 | grep -c '^error\[MSH0130\]' || true; }
[ "$(findings --max-errors 2)" = 2 ] && [ "$(findings --all)" = 5 ] && [ "$(findings)" = 5 ] || wrong 'findings that are shown'

# Colours are for terminals that want them.
cat >terminal.py <<'END'
import os
import pty
import sys


def read(fd):
    seen.append(os.read(fd, 65536))
    return seen[-1]


seen = []
sys.stdout = open(os.devnull, "w")
pty.spawn(sys.argv[1:], read)
sys.exit(b"\x1b[" not in b"".join(seen))
END
colored() { env -u NO_COLOR TERM=xterm "$@" >/dev/null; }
colored python3 terminal.py "$meshc" -C fleet check || wrong 'no colours on a terminal'
! colored env NO_COLOR=1 python3 terminal.py "$meshc" -C fleet check || wrong 'colours in spite of NO_COLOR'
! colored env TERM=dumb python3 terminal.py "$meshc" -C fleet check || wrong 'colours on a dumb terminal'
! colored python3 terminal.py "$meshc" -C fleet check --color never || wrong 'colours in spite of --color never'

# Fields say what they take.
"$meshc" explain Fleet.spec.guards.maxRemovedPercent | grep -q "at least 0, at most 100, default 5" || wrong 'a range'
"$meshc" explain VirtualMesh.spec.globalAccessPolicy | grep -q 'MESH_DEFAULT, ENABLED, DISABLED' || wrong 'the values of a choice'
echo "results: as they are"
