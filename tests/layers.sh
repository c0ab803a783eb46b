#!/usr/bin/env bash
# The arrows of compiler/LAYERS hold. Argument: the root of the repository.
set -euo pipefail
cd "$1"
find compiler -name '*.[ch]' -print0 | LC_ALL=C sort -z | xargs -0 awk -f tests/layers.awk compiler/LAYERS
