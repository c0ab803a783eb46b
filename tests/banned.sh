#!/usr/bin/env bash
# Words that promise work instead of doing it have no place in the code. Argument: the root of the repository.
# (Banned functions are compile errors: compiler/base/banned.h.)
set -euo pipefail
cd "$1"
if grep -rnwE 'TO[D]O|FIX[M]E|X[X]X|HA[C]K' compiler schemas tests .ci Makefile.ci CMakeLists.txt --include='*'; then
	echo "say it in a finding or show it in a test"
	exit 1
fi
