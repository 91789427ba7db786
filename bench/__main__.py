"""`python -m bench`: every measure in a process of its own, then one table.

--quick         a few turns of each: shows that the bench works, says nothing about speed
--only NAME     one of the measures; may be given several times
--json FILE     the rows as JSON too
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Row, table
from bench.machine import load, named

MEASURES = ("card", "durable", "sealing", "sync", "central", "touch", "modes", "start")
LONGEST_S = 900
ROOT = Path(__file__).resolve().parent.parent


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="measures, each against its limit")
    parser.add_argument("--quick", action="store_true", help="a few turns of each, to see that it works")
    parser.add_argument("--only", action="append", choices=MEASURES, help="one measure; may be given several times")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON too")
    parser.add_argument("--one", choices=MEASURES, help=argparse.SUPPRESS)
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    asked = arguments(given)
    if asked.one:
        measured = importlib.import_module(f"bench.{asked.one}").measure(asked.quick)
        print(json.dumps([row.told() for row in measured], ensure_ascii=False))
        return 0
    print("\n".join(named(Path(tempfile.gettempdir()))))
    print(f"load       {load()} before", flush=True)
    rows: list[Row] = []
    failed = False
    for name in asked.only or MEASURES:
        print(f"           measuring: {name}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "bench", "--one", name, *(["--quick"] if asked.quick else [])]
        told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=LONGEST_S, check=False)
        if told.returncode != 0:
            failed = True
            print(f"           {name} ended with {told.returncode}", file=sys.stderr, flush=True)
            continue
        rows += [Row(**each) for each in json.loads(told.stdout)]
        print(f"load       {load()} after {name}", flush=True)
    print()
    print(table(rows))
    if asked.quick:
        print("\nA quick run: the figures say nothing about speed.")
    if asked.json:
        asked.json.write_text(json.dumps([row.told() for row in rows], ensure_ascii=False, indent=1), "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
