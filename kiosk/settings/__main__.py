"""`python -m kiosk.settings --check FILE | --doc [FILE]`: for technicians, and for the reference page."""

import argparse
import sys
from pathlib import Path

from kiosk.settings.loading import SettingsMistakes, load
from kiosk.settings.reference import page


def main(arguments: list[str]) -> int:
    """0 when all is well, 1 when the file has mistakes."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.settings")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", type=Path, metavar="FILE", help="tell what is wrong with a settings file")
    what.add_argument("--doc", action="store_true", help="write the reference page to standard output")
    chosen = parser.parse_args(arguments)
    if chosen.doc:
        sys.stdout.write(page())
        return 0
    try:
        load(chosen.check)
    except SettingsMistakes as mistakes:
        sys.stderr.write(f"{mistakes}\n")
        return 1
    sys.stdout.write(f"{chosen.check.name}: nothing is wrong\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
