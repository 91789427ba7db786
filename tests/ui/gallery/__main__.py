"""`python -m tests.ui.gallery [--only PART] [--out DIR] [--workers N] [--fresh]`: all pictures, and what is wrong.

Each process draws a share of the jobs (an engine may be made once a process). A job that was drawn from the same
sources before is not drawn again, so that a run that was stopped goes on where it was. Exit code 1 when something is
wrong.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import qInstallMessageHandler

from tests.ui.gallery.drawing import drawn
from tests.ui.gallery.plan import LARGE, SMALL, Job, fingerprint, folder, jobs
from tests.ui.gallery.sheets import sheets
from tests.ui.stage import ROOT, Bench
from ui.link import Glass

OUT = ROOT / "gallery-output"
FINDINGS = "findings.txt"
PLACE = re.compile(r"\d+")


def record(out: Path, job: Job) -> Path:
    return folder(out, job) / f"{job}.json"


def done(out: Path, job: Job, sources: str) -> bool:
    file = record(out, job)
    return file.is_file() and json.loads(file.read_text("utf-8"))["sources"] == sources


def pictures(out: Path, job: Job) -> list[dict[str, Any]]:
    """What was drawn of a job the last time."""
    file = record(out, job)
    return list(json.loads(file.read_text("utf-8"))["pictures"]) if file.is_file() else []


def draw(out: Path, mine: list[Job], sources: str) -> None:
    """One process: its share of the jobs, all on one glass."""
    said: list[str] = []
    qInstallMessageHandler(lambda kind, where, message: said.append(message))
    bench = Bench(glass=Glass(diagonal_in=mine[0].way.inches, reduced_motion=True))
    for job in mine:
        folder(out, job).mkdir(parents=True, exist_ok=True)
        for before in pictures(out, job):
            (folder(out, job) / before["file"]).unlink(missing_ok=True)
        told = []
        said.clear()
        try:
            for picture, findings in drawn(bench, job):
                file = folder(out, job) / f"{picture.name}.png"
                picture.pixels.save(file, compress_level=1)
                told.append({"file": file.name, "findings": [[one.element, one.reason] for one in findings]})
        except AssertionError as late:
            said.append(str(late))
        if said:
            told.append({"file": f"{job}", "findings": [["Qt", message] for message in said]})
        record(out, job).write_text(json.dumps({"sources": sources, "pictures": told}, ensure_ascii=False), "utf-8")
    bench.close()


def gather(out: Path, wanted: list[Job], sources: str) -> tuple[int, dict[tuple[str, str], list[str]]]:
    """How many pictures, and what is wrong: (element, reason) -> pictures."""
    count = 0
    found: dict[tuple[str, str], list[str]] = {}
    for job in wanted:
        if not done(out, job, sources):
            found.setdefault(("all of it", "was not drawn"), []).append(str(job))
            continue
        for picture in pictures(out, job):
            count += picture["file"].endswith(".png")
            for element, reason in picture["findings"]:
                found.setdefault((element, reason), []).append(Path(picture["file"]).stem)
    return count, found


def listed(found: dict[tuple[str, str], list[str]]) -> list[str]:
    """picture · element · reason; the same fault in many pictures and at other places is told once."""
    alike: dict[str, tuple[str, set[str]]] = {}
    for (element, reason), pictures in found.items():
        fault = f"{element} · {reason}"
        alike.setdefault(PLACE.sub("#", fault), (fault, set()))[1].update(pictures)
    lines = []
    for fault, pictures in sorted(alike.values(), key=lambda one: min(one[1])):
        more = f"  (and {len(pictures) - 1} more pictures)" if len(pictures) > 1 else ""
        lines.append(f"{min(pictures)} · {fault}{more}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pictures whose name has this in it")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="draw again what was drawn before")
    parser.add_argument("--share", default="", help="NUMBER/OF/INCHES: one process's part")
    parser.add_argument("--sources", default="")
    given = parser.parse_args()
    sources = given.sources or fingerprint()
    wanted = jobs(given.only)
    left = [job for job in wanted if given.fresh or not done(given.out, job, sources)]
    if given.share:
        number, of, inches = given.share.split("/")
        mine = [job for job in left if job.way.inches == float(inches)][int(number) :: int(of)]
        if mine:
            draw(given.out, mine, sources)
        return 0
    began = time.monotonic()
    failed = 0
    for inches in (SMALL, LARGE):
        if not any(job.way.inches == inches for job in left):
            continue
        # The shares are cut from what is left now; a process that is slower does not take from another.
        command = [sys.executable, "-m", "tests.ui.gallery", f"--only={given.only}", "--out", str(given.out)]
        command += ["--sources", sources, "--fresh"] if given.fresh else ["--sources", sources]
        running = [
            subprocess.Popen([*command, "--share", f"{number}/{given.workers}/{inches}"], cwd=ROOT)
            for number in range(given.workers)
        ]
        failed += sum(one.wait() != 0 for one in running)
    count, found = gather(given.out, wanted, sources)
    lines = listed(found)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / FINDINGS).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    sheets(given.out, sorted({job.sample for job in wanted}), found)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(
        f"{count} pictures, {len(lines)} findings, {time.monotonic() - began:.0f} s; see {given.out / 'index.html'}\n"
    )
    return 1 if lines or failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
