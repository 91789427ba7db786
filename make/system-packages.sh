#!/usr/bin/env bash
# Installs the packages of packages.apt that are missing; where that is not allowed, says exactly which and stops.
set -euo pipefail

list=packages.apt

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not Debian or Ubuntu. Install what these packages hold, then go on:"
    grep -v -e '^#' -e '^$' "$list" | sed 's/|/ or /g'
    exit 0
fi

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
known() { [ -n "$(apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" {print $2}')" ]; }

# Prints the names of the list that are not installed under any of their names.
missing() {
    local line name names have
    while read -r line; do
        case $line in '' | '#'*) continue ;; esac
        IFS='|' read -ra names <<<"$line"
        have=
        for name in "${names[@]}"; do
            if installed "$name"; then have=yes; break; fi
        done
        [ -z "$have" ] || continue
        for name in "${names[@]}"; do
            if known "$name"; then have=$name; break; fi
        done
        echo "${have:-${names[-1]}}"
    done <"$list"
}

mapfile -t wanted < <(missing)
[ ${#wanted[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "These system packages are missing and need an administrator:"
    echo
    echo "    apt-get install --no-install-recommends ${wanted[*]}"
    echo
    echo "Then run make setup again (or make setup SYSTEM=skip to go on without them)."
    exit 1
fi

apt() {
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -q "$@"
}

apt update
# Package lists may have been empty until now: only after the update is it known which names exist.
mapfile -t wanted < <(missing)
echo "Installing: ${wanted[*]}"
apt install -y --no-install-recommends "${wanted[@]}"
