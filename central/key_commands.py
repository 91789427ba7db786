"""Keys and carried letters at central's own machine: `python -m central keys | carried`; see docs/operating/keys.md."""

import argparse
import datetime as dt
from pathlib import Path

from central.desk_commands import CannotDo
from central.jobs import carried, rotation
from central.jobs.rotation import NotNow, Standing
from central.naming import add_catalogue, add_central
from central.saying import disk
from central.wiring import Central

NAMES = frozenset({"keys", "carried"})


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", catalogue: Path) -> None:
    """Add ours beside central's other commands. `catalogue` is worked by when none is named and none published."""
    keys = commands.add_parser("keys", help="change central's own keys", description="Change central's own keys.")
    what = keys.add_subparsers(dest="what", required=True)

    def leaf(name: str, says: str, *, use: bool = False) -> argparse.ArgumentParser:
        made = what.add_parser(name, help=says, description=says)
        add_central(made)
        if use:
            made.add_argument("--use", required=True, choices=sorted(rotation.USES))
        return made

    leaf("list", "which keys there are and how far each has come")
    leaf("announce", "make a new key and tell every terminal of it", use=True).add_argument(
        "--hold", action="store_true", help="only make it; announce again when keys/ was copied to every machine"
    )
    leaf("switch", "use the announced key from now on", use=True).add_argument(
        "--days", type=_days, default=rotation.LIFE.days, help="the former one stays valid so long (30)"
    )
    leaf("retire", "let a former key go").add_argument("--kid", required=True, help="its name, as list says it")
    leaf("rotate-vault", "a new key for what central keeps of persons; the former ones still open")
    leaf("rewrap", "wrap all cases' keys by the vault's newest key; may be cut off and begun again")

    sub = commands.add_parser("carried", help="take in letters that came by hand", description=carried.__doc__)
    add_central(sub)
    add_catalogue(sub, catalogue)
    sub.add_argument("--answers", type=Path, help="where acknowledgements are put; beside each file when left out")
    sub.add_argument("--former", action="store_true", help="also letters under a key that was replaced or withdrawn")
    sub.add_argument("file", type=Path, nargs="+", help="*.nuanting-letter")


def run(central: Central, told: argparse.Namespace) -> str:
    """Do one command; what to print. Raises CannotDo, OSError, KeyFileBroken, StoreUnavailable."""
    if told.command == "carried":
        return _carried(central, told)
    try:
        return _keys(central, told)
    except NotNow as refused:
        raise CannotDo(f"not now: {refused}") from refused


def _keys(central: Central, told: argparse.Namespace) -> str:
    match told.what:
        case "list":
            return "\n".join(map(_line, rotation.standings(central)))
        case "announce":
            key = rotation.announce(central, rotation.USES[told.use], hold=told.hold)
            if told.hold:
                return f"{key.kid} is made ({key.file}): copy keys/ to every machine, then announce again"
            return f"{key.kid} is announced ({key.file}): copy keys/ to a safe place, then switch to it"
        case "switch":
            new, old = rotation.switch(central, rotation.USES[told.use], life=dt.timedelta(days=told.days))
            return f"{new.kid} is used from now on; {old.kid} is valid until {old.not_after:%Y-%m-%d %H:%M} UTC"
        case "retire":
            return f"{rotation.retire(central, told.kid).kid} is retired"
        case "rotate-vault":
            kid = rotation.rotate_vault(central)
            return f"{kid} wraps from now on: copy keys/vault.key to a safe place; the former keys still open"
        case _:
            return f"{rotation.rewrap(central)} keys are wrapped anew"


def _line(each: Standing) -> str:
    key = each.key
    said = [key.use, key.kid, each.state, key.file if each.here else "(its file is gone)"]
    if key.not_after is not None:
        said.append(f"valid until {key.not_after:%Y-%m-%d %H:%M} UTC")
    if each.state == "announced" and key.told_at is None:
        said.append("held: not announced yet")
    elif each.unheard:
        said.append(f"{each.unheard} terminals not heard since it was announced")
    return "\t".join(said)


def _carried(central: Central, told: argparse.Namespace) -> str:
    if told.answers is not None and not told.answers.is_dir():
        raise CannotDo(f"{told.answers} is no folder: --answers names one that is there. No letter was taken in")
    said, failed = [], False
    for file in told.file:
        came = carried.take_file(central, file, former=told.former)
        folder = told.answers or file.parent
        try:
            answer = carried.write_answer(central, came, folder)
        except OSError as world:
            said.append(
                f"{file.name}: {came.says}; its acknowledgement could not be put into {folder}: {disk(world)}. "
                "Give the file once more, with --answers and another folder"
            )
            failed = True
            continue
        failed = failed or answer is None
        said.append(f"{file.name}: {came.says}" + (f"; carry back {answer}" if answer else ""))
    if failed:
        raise CannotDo("\n".join(said))
    return "\n".join(said)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text} is no number of days: say 1 to 3650")
    return int(text)
