#!/usr/bin/env bash
# Every check that reads the source; all of them run, then the first failure counts.
set -uo pipefail

bin=.venv/bin
failed=()

check() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

check "ruff check" $bin/ruff check .
check "ruff format" $bin/ruff format --check .
check "import contracts" env COLUMNS=160 $bin/lint-imports --no-logo
check "types" $bin/mypy
check "qml" $bin/python make/qml_lint.py

if [ ${#failed[@]} -gt 0 ]; then
    echo "lint: failed: $(IFS=,; echo "${failed[*]}")"
    exit 1
fi
echo "lint: all clean"
