#!/usr/bin/env bash
# Writes the locks anew from the .in files. Needs uv on PATH (or UV=/where/it/is); no lock names where packages come from.
set -euo pipefail

uv=${UV:-uv}
for name in requirements requirements-dev requirements-capture; do
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$@" -o "$name.lock" "$name.in"
done
