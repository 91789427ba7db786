#!/usr/bin/env bash
# Makes or refreshes .venv from the hashed lock.
set -euo pipefail

lock=requirements-dev.lock

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(bash make/python.sh)
    echo "Making .venv with $python"
    "$python" -m venv --clear .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/python -m pip check
