"""`python -m tests.torture`: so many things going wrong, then one table.

--cycles N      over all scenarios together; the environment's TORTURE_CYCLES, or 1000
--seed S        the environment's TORTURE_SEED, or one drawn anew; it is printed
--only WORD     scenarios whose name has the word; may be given several times
--workers N     rounds at once
--write FILE    put the run into a page as well, between its two marks (docs/reliability.md)
--round SEED    one round of --cycles with this seed, of the one scenario that --only names: to see a finding again

Exit status: 0 when nothing was found and every control found something, else 1.
"""

import argparse
import datetime as dt
import itertools
import multiprocessing
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import TextIO

from bench.machine import load, named
from tests.torture.scenarios import SCENARIOS, Outcome, Scenario, be_deaf, run_named

CONTROL_CYCLES = 6
SHOWN_FINDINGS = 12
Job = tuple[Scenario, int, int]  # which, seed, cycles


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description="many things going wrong, one table")
    parser.add_argument("--cycles", type=int, default=int(os.environ.get("TORTURE_CYCLES") or 1000))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("TORTURE_SEED") or secrets.randbelow(2**31)))
    parser.add_argument("--only", action="append", metavar="WORD")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("--round", type=int, metavar="SEED")
    return parser.parse_args(given)


def jobs(scenarios: Sequence[Scenario], cycles: int, seed: int) -> Iterator[Job]:
    """Rounds of all scenarios, in turn; together at least `cycles`, the controls' not counted."""
    shares = sum(scenario.share for scenario in scenarios if not scenario.is_control)
    rounds: list[tuple[float, Job]] = []
    for scenario in scenarios:
        wanted = CONTROL_CYCLES if scenario.is_control else -(-cycles * scenario.share // shares)
        count = -(-wanted // scenario.round)
        for number in range(count):
            part = wanted // count + (number < wanted % count)
            chance = random.Random(f"{seed}/{scenario.name}/{number}")
            rounds.append(((number + 0.5) / count, (scenario, chance.randrange(2**32), part)))
    rounds.sort(key=lambda each: each[0])
    return (job for _, job in rounds)


def run(asked: Sequence[Job], workers: int) -> list[Outcome]:
    """The rounds, `workers` at once, each told as it ends. Interrupted, it ends those under way."""
    outcomes: list[Outcome] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=be_deaf) as pool:
        todo = iter(asked)
        under_way: set[Future[Outcome]] = set()
        try:
            while True:
                # No more are handed over than are run: those could not be taken back.
                for scenario, seed, cycles in itertools.islice(todo, workers - len(under_way)):
                    under_way.add(pool.submit(run_named, scenario.name, seed, cycles))
                if not under_way:
                    break
                ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for future in ended:
                    outcomes.append(future.result())
                    _tell(outcomes)
        except KeyboardInterrupt:
            _say("interrupted: the rounds under way are ended, then the table", sys.stderr)
            outcomes += [future.result() for future in wait(under_way).done]
    return outcomes


def _tell(outcomes: Sequence[Outcome]) -> None:
    last = outcomes[-1]
    done = sum(each.cycles for each in outcomes)
    _say(f"  {done:5} cycles; {last.scenario}: {last.cycles} in {last.seconds:.0f} s, seed {last.seed}, "
         f"{len(last.verdict.all()) or 'no'} findings", sys.stderr)  # fmt: skip


HEADS = ("scenario", "cycles", "starts", "letters accepted", "at central", "sealed MB", "receipts verified", "lost",
         "doubled", "changed", "left", "other", "s")  # fmt: skip


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes by scenario as a Markdown table, the sum of all but the controls below."""
    lines = ["| " + " | ".join(HEADS) + " |", "|---|" + "---:|" * (len(HEADS) - 1)]
    controls = {scenario.name for scenario in SCENARIOS if scenario.is_control}
    for scenario in SCENARIOS:
        mine = [outcome for outcome in outcomes if outcome.scenario == scenario.name]
        if mine:
            lines.append(_row(f"{scenario.name} ({scenario.says})", mine))
    counted = [outcome for outcome in outcomes if outcome.scenario not in controls]
    lines.append(_row("**all but the controls**", counted))
    return "\n".join(lines)


def _row(name: str, mine: Sequence[Outcome]) -> str:
    verdicts = [outcome.verdict for outcome in mine]
    cells: list[object] = [
        name,
        sum(outcome.cycles for outcome in mine),
        sum(outcome.starts for outcome in mine),
        sum(verdict.accepted for verdict in verdicts),
        sum(verdict.arrived for verdict in verdicts),
        f"{sum(verdict.bytes for verdict in verdicts) / 1e6:.0f}",
        sum(verdict.receipts for verdict in verdicts),
        *(sum(len(getattr(verdict, kind)) for verdict in verdicts) for kind in ("lost", "doubled", "changed", "left")),
        sum(len(verdict.broken) for verdict in verdicts),
        f"{sum(outcome.seconds for outcome in mine):.0f}",
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def remarks(outcomes: Sequence[Outcome]) -> str:
    """What the line, the disks and central did meanwhile, over all but the controls."""
    controls = {scenario.name for scenario in SCENARIOS if scenario.is_control}
    line: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    unusable: Counter[str] = Counter()
    answers: Counter[int] = Counter()
    complaints: Counter[str] = Counter()
    editions = hints = 0
    for outcome in outcomes:
        if outcome.scenario not in controls:
            line += outcome.line
            refused += outcome.refused
            unusable += outcome.unusable
            answers += outcome.answers
            complaints += outcome.complaints
            editions += outcome.editions
            hints += outcome.hints
    return "\n".join(
        (
            f"the line: {_counted(line)}",
            f"central's answers to repeated and late requests: {_counted(answers)}",
            f"the terminal's disk refused: {_counted(refused)}",
            f"starts that said why they could not be: {_counted(unusable)}",
            f"central's log complains of: {_counted(complaints)}",
            f"editions published: {editions}, hints heard: {hints}",
        )
    )


def _counted(counts: Counter[str] | Counter[int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=str)) or "nothing"


def main(given: Sequence[str] | None = None) -> int:
    told = arguments(given)
    words = [word.lower() for word in told.only or ()]
    picked = [each for each in SCENARIOS if not words or any(word in each.name.lower() for word in words)]
    named_here = named(Path(tempfile.gettempdir()))
    named_here.append(f"date       {dt.datetime.now(dt.UTC):%Y-%m-%d}, load {load()} before, seed {told.seed}")
    why_not = {scenario.name: scenario.why_not() for scenario in picked}
    named_here += [f"SKIPPED    {name}: {why}" for name, why in why_not.items() if why]
    _say("\n".join(named_here))
    possible = [scenario for scenario in picked if not why_not[scenario.name]]
    if not possible:
        _say("nothing to do")
        return 1
    asked = list(jobs(possible, told.cycles, told.seed))
    if told.round is not None:
        asked = [(possible[0], told.round, told.cycles)]
    begun = time.monotonic()
    outcomes = run(asked, told.workers)
    wrong = list(_findings(outcomes))
    ended = [
        f"{sum(each.cycles for each in outcomes)} of {sum(cycles for _, _, cycles in asked)} cycles, the controls' too",
        f"{time.monotonic() - begun:.0f} s with {told.workers} rounds at once, load {load()} after",
        "NOT as it must be" if wrong else "accepted = at central, each once, byte for byte; every receipt verifies",
    ]
    _say("\n".join(("", table(outcomes), "", remarks(outcomes), *wrong, *ended)))
    if told.write is not None:
        write(told.write, "\n".join(("```", *named_here, "", remarks(outcomes), *ended, "```", "", table(outcomes))))
    return 1 if wrong else 0


BEGIN, END = "<!-- run -->", "<!-- end of run -->"


def write(page: Path, text: str) -> None:
    """Put a run between the page's two marks. Raises OSError, ValueError when it has none."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no place for a run ({BEGIN} … {END})")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


def _findings(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for scenario in SCENARIOS:
        mine = [outcome for outcome in outcomes if outcome.scenario == scenario.name]
        found = [outcome for outcome in mine if outcome.verdict.all()]
        if scenario.is_control:
            if mine and not found:
                yield f"{scenario.name}: found nothing, so the others prove nothing"
            continue
        for outcome in found:
            yield f'{scenario.name}, --only "{scenario.name}" --round {outcome.seed} --cycles {outcome.cycles}:'
            every = outcome.verdict.all()
            yield from (f"    {text}" for text in every[:SHOWN_FINDINGS])
            if len(every) > SHOWN_FINDINGS:
                yield f"    and {len(every) - SHOWN_FINDINGS} more"


def _say(text: str, to: TextIO | None = None) -> None:
    told = to or sys.stdout
    told.write(text + "\n")
    told.flush()


if __name__ == "__main__":
    sys.exit(main())
