#!/usr/bin/env bash
# What can be said of .ci/Containerfile without an engine that builds it: it pins what it starts from, installs only
# what .ci/setup and the package list, copies what is there, and runs meshc as nobody. Argument: the root of the repository.
set -euo pipefail
cd "$1"
file=.ci/Containerfile
status=0
wrong() { echo "$file: $1"; status=1; }
lines=$(sed -e :a -e '/\\$/{N;s/\\\n//;ba' -e '}' "$file" | grep -v '^#' | grep .)

while read -r image _; do
	[[ $image =~ ^[a-z.]+/[a-z/]+:[a-z0-9.-]+$ ]] && [[ $image != *:latest ]] || wrong "$image is not pinned by host and tag"
done < <(sed -n 's/^FROM //p' <<<"$lines")
[ "$(grep -c '^FROM ' <<<"$lines")" -eq 2 ] || wrong "one stage builds, one runs"

groups=$(sed -n 's/^\t\[\([a-z]*\)\]=.*/\1/p' .ci/setup)
for group in $(grep -o '\.ci/setup [a-z ]*$' <<<"$lines" | cut -d ' ' -f 2-); do
	grep -qx "$group" <<<"$groups" || wrong ".ci/setup has no group $group"
done
for package in $(grep -o 'install -y [^&]*' <<<"$lines" | sed 's/install -y//; s/--no-install-recommends//'); do
	[[ $package == /package/*.deb ]] || wrong "$package is installed, but is not the package"
done
for source in $(sed -n 's/^COPY \([^ ]*\) .*/\1/p' <<<"$lines"); do
	[ -e "$source" ] || wrong "copies $source, which is not there"
done

version=$(sed -n 's/^project(meshc VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
grep -qx "ARG VERSION=$version" <<<"$lines" || wrong "the version is $version"
last=$(tac <<<"$lines" | sed '/^FROM /q')
grep -qx 'USER 65532:65532' <<<"$last" || wrong "does not end as user 65532"
grep -qx 'ENTRYPOINT \["/usr/bin/meshc"\]' <<<"$last" || wrong "does not start meshc"
exit $status
