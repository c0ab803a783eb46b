#!/bin/sh
# Folders in folders, seventy deep.
set -e
path=mesh
i=0
while [ $i -lt 70 ]; do
	path=$path/a
	i=$((i + 1))
done
mkdir -p "$path"
