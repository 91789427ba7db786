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
mapfile -t pages < <(find ui demo -name '*.qml' | sort)
if [ ${#pages[@]} -gt 0 ]; then
    # What QML may ask of the facades is written down by `python -m ui.describe`; a test keeps it fresh.
    check "qml" $bin/pyside6-qmllint --max-warnings 0 -I ui/qml/types "${pages[@]}"
fi

if [ ${#failed[@]} -gt 0 ]; then
    echo "lint: failed: $(IFS=,; echo "${failed[*]}")"
    exit 1
fi
echo "lint: all clean"
