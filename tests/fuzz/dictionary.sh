#!/usr/bin/env bash
# Prints a dictionary for libFuzzer: every field and value that the schemas know, and the tokens of YAML.
# Argument: meshc.
set -euo pipefail
meshc=$1

"$meshc" schema | awk 'NR > 1 { print $1 }' | while read -r kind; do
	"$meshc" schema --kind "$kind"
done | grep -oE '"[A-Za-z0-9_./*:-]{1,60}"' | LC_ALL=C sort -u
cat <<'END'
"---\x0a"
"...\x0a"
"- "
": "
"\x0a  "
"? "
"&a "
"*a"
"!!str "
"%YAML 1.2\x0a"
"<<: "
"|-\x0a"
">+2\x0a"
"{"
"}, "
"["
"], "
"\x22"
"'"
"# "
"~"
"0x1f"
"1e308"
".inf"
"\xef\xbb\xbf"
"\xc2\x85"
"\xe2\x80\xa8"
"\x00"
"\x0a%%\x0a"
"kind: List\x0aitems:\x0a"
"c1"
"c2"
"shop"
"api"
"istiod-istio-system-c1"
END
