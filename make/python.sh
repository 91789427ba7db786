#!/usr/bin/env bash
# Prints the Python that the environment is made from: 3.11 if there is one, else the next newer that works.
set -euo pipefail

works='import sys, venv, ensurepip, ssl, ctypes; sys.exit(not (3, 11) <= sys.version_info[:2])'

for name in python3.11 python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null && "$name" -c "$works" 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
echo "No Python 3.11 or newer with venv was found (Debian: apt-get install python3-venv)." >&2
exit 1
