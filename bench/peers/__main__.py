"""`python -m bench.peers`: installs what is needed to measure beside PouchDB, into build/peers; says what it found."""

import sys

from bench.peers import mqtt, pouchdb


def main() -> int:
    for peer in (pouchdb, mqtt):
        why = peer.missing(install=True)
        print(f"{peer.TITLE}: {f'absent, {why}' if why else 'here'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
