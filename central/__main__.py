"""Central's program and its desk: `python -m central serve | code | ticket | idcode | withdraw | staff | audit …`."""

import argparse
import contextlib
import datetime as dt
import errno
import io
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from central import backup, catalogue_commands, desk, desk_commands, key_commands
from central.connectors.oidc import OidcSettings, read_settings
from central.logs import say_logs
from central.naming import BadName, add_catalogue, add_central, blobs_of, database_of
from central.rules.progress import FINAL
from central.rules.records import is_holder_number
from central.running import EXIT_CANNOT, EXPECTED, serve
from central.saying import disk, why
from central.settings import CentralSettings
from central.wiring import Central, open_central
from trust.tokens import TokenTooLong
from wire.ids import ItemCode, RegionId, SiteId, TerminalId

CATALOGUE = Path(__file__).parents[1] / "assets" / "catalogue"


FOUNDING = ("serve", "code", "staff", "idcode")
"""Commands that may begin a central where there is none: somebody must be let in before it serves."""


STOPPED = 130
"""As a shell says of what SIGINT ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 2 mistyped, 3 refused with a sentence that says what to do."""
    parser = _parser()
    told = parser.parse_args(arguments)
    for name, value in vars(told).items():
        if not _is_text(value):
            parser.error(f"--{name.replace('_', '-')}: this is not text in UTF-8")
    say_logs(least=logging.INFO if told.command == "serve" else logging.WARNING)  # a command's answer says enough
    try:
        return _run(told)
    except KeyboardInterrupt:
        return STOPPED if told.command == "serve" else _sorry("stopped by hand before it was done", STOPPED)


def _run(told: argparse.Namespace) -> int:
    try:
        if told.command == "serve":
            return serve(_settings(told), _say, workers=told.workers)
        if desk_commands.without_central(told):
            return _say(desk_commands.run(None, told))
        begins = told.command in (*FOUNDING, "restore") and getattr(told, "what", "add") == "add"
        if not begins and not (told.folder / "keys").is_dir():
            what = "it is a file" if told.folder.is_file() else "is that the folder? `serve` begins a new one"
            return _sorry(f"there is no central in {told.folder}: {what}")
        if told.command == "backup":
            return _say(backup.back_up(_settings(told), told.to))
        if told.command == "restore":
            return _say(backup.restore(_settings(told), told.source, told.keys))
        return _at_the_desk(told)
    except (desk_commands.CannotDo, backup.CannotCopy, BadName) as mistake:
        return _sorry(str(mistake))
    except EXPECTED as mistake:
        return _sorry(why(mistake, told.folder))


def _settings(told: argparse.Namespace) -> CentralSettings:
    catalogue = told.catalogue if told.command in ("serve", "ticket", "carried") else CATALOGUE
    settings = CentralSettings(told.folder, database=database_of(told), blobs=blobs_of(told), catalogue=catalogue)
    if told.command != "serve":
        return settings
    return replace(
        settings,
        host=told.host,
        port=told.port,
        behind_proxy=told.behind_proxy,
        oidc=told.oidc,
        keep_days=dict(told.keep),
        metrics_token=os.environ.get("NUANTING_METRICS_TOKEN", ""),
    )


def _at_the_desk(told: argparse.Namespace) -> int:
    begins = not (told.folder / "keys").is_dir()
    central = open_central(_settings(told))
    if begins:
        _sorry(f"a new central was begun in {told.folder}")
    try:
        central.working.follow()  # what is put in, opened or asked for by hand goes by the newest edition, too
        if strange := desk.strange_region(central, _regions_named(told)):
            _sorry(strange)
        said = _done(central, told)
    except desk.UnknownTerminal as unknown:
        return _sorry(
            f"no terminal {unknown} is enrolled in region {told.region}: the page Terminals lists those that are; "
            "`code` lets one in"
        )
    except desk.NotPossible as refusal:
        return _sorry(f"not possible: {refusal}")
    finally:
        central.close()
    return _say(said)


def _regions_named(told: argparse.Namespace) -> Sequence[str]:
    """Regions that this command would write down as they were typed."""
    if told.command == "code":
        return [told.region]
    return told.region if told.command == "staff" and told.what == "add" else []


def _done(central: Central, told: argparse.Namespace) -> str:
    if told.command in catalogue_commands.NAMES:
        return catalogue_commands.run(central, told)
    if told.command in key_commands.NAMES:
        return key_commands.run(central, told)
    if told.command in desk_commands.NAMES:
        return desk_commands.run(central, told)
    if told.command == "idcode":
        if not is_holder_number("".join(told.number.split()).upper()):
            raise desk_commands.CannotDo(
                "--number: this cannot be the number of a person: 18 characters whose last one checks the others, or "
                "15 of an older card of foreigners"
            )
        try:
            return desk.citizen_code(
                central,
                kind=told.kind,
                name=told.name,
                number=told.number,
                birth=told.birth,
                address=told.address,
                life=dt.timedelta(minutes=told.minutes),
            )
        except TokenTooLong as much:
            raise desk_commands.CannotDo("this is too much for one code: shorten --address") from much
    region, terminal = RegionId(told.region), TerminalId(told.terminal)
    if told.command == "code":
        return desk.enrolment_code(central, region, SiteId(told.site), terminal)
    if told.command == "withdraw":
        desk.withdraw_terminal(central, region, terminal)
        return f"{terminal} is not believed any more until it is enrolled anew"
    return desk.register_ticket(
        central,
        region,
        terminal,
        item=ItemCode(told.item),
        what_zh=told.what_zh,
        what_en=told.what_en,
        door=told.door,
        number=told.number,
        pickup_code=told.pickup_code,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m central", description="The back end of Nuanting terminals.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, says: str, *, terminal: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=says, description=says)
        add_central(sub)
        if terminal:
            sub.add_argument("--region", required=True, type=_word)
            sub.add_argument("--terminal", required=True, type=_word)
        return sub

    serving = command("serve", "answer terminals and show pages", terminal=False)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--catalogue", type=Path, default=CATALOGUE, help="worked by until one is published")
    serving.add_argument("--port", type=_port, default=8600, help="0 for any free one")
    serving.add_argument("--workers", type=_count, default=1, help="processes behind the address; needs PostgreSQL")
    serving.add_argument(
        "--behind-proxy", action="store_true", help="a proxy with TLS is in front: any host may be bound"
    )
    serving.add_argument("--oidc", type=_oidc, help="a JSON file: staff come by this identity provider, too")
    serving.add_argument(
        "--keep", type=_keep, action="append", default=[], help="withdrawn=30: days a case is kept after that end"
    )
    command("code", "print a one-time enrolment code, good for fifteen minutes").add_argument(
        "--site", required=True, type=_word
    )
    command("withdraw", "believe no more requests of a terminal")
    ticket = command("ticket", "register something that lies in a compartment")
    ticket.add_argument("--item", required=True, type=_word)
    ticket.add_argument("--what-zh", required=True, type=_word)
    ticket.add_argument("--what-en", required=True, type=_word)
    ticket.add_argument("--door", required=True, type=int)
    ticket.add_argument("--number", required=True, help="the holder's identity number; only a tag of it is kept")
    ticket.add_argument("--pickup-code", default="", help="eight digits: whoever types them may open the door")
    add_catalogue(ticket, CATALOGUE)
    idcode = command("idcode", "make a citizen's code for a demonstration", terminal=False)
    idcode.add_argument("--name", required=True, type=_word)
    idcode.add_argument("--number", required=True, type=_word)
    idcode.add_argument("--kind", default="citizen", type=_word)
    idcode.add_argument("--birth", type=_day, help="such as 1949-05-15")
    idcode.add_argument("--address", default="")
    idcode.add_argument("--minutes", type=_minutes, default=10, help="so long it is good")
    copying = command("backup", "copy database and bodies, while central serves; not the keys", terminal=False)
    copying.add_argument("--to", type=Path, required=True, help="a folder that is not there yet, or empty")
    restoring = command("restore", "make a central of a backup and the keys that belong to it", terminal=False)
    restoring.add_argument("--from", dest="source", type=Path, required=True, help="what backup wrote")
    restoring.add_argument("--keys", type=Path, required=True, help="the copy of central's folder keys")
    desk_commands.add_commands(commands)
    key_commands.add_commands(commands, CATALOGUE)
    catalogue_commands.add_commands(commands)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("1 to 256")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return int(text)


def _minutes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text} are no minutes: 1 to 100000")
    return int(text)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day: write it as 1949-05-15") from None


def _oidc(text: str) -> OidcSettings:
    try:
        return read_settings(Path(text))
    except OSError as world:
        raise argparse.ArgumentTypeError(f"cannot read {text}: {disk(world)}") from world
    except ValidationError as mistake:
        fields = {".".join(map(str, each["loc"])) or "no JSON" for each in mistake.errors()}
        raise argparse.ArgumentTypeError(f"not settings of a provider: {', '.join(sorted(fields))}") from mistake


def _keep(text: str) -> tuple[str, int]:
    state, _, days = text.partition("=")
    if state not in {each.value for each in FINAL} or not (days.isascii() and days.isdigit() and 0 < int(days) < 36500):
        raise argparse.ArgumentTypeError(f"an end ({', '.join(sorted(FINAL))}), =, and days")
    return state, int(days)


def _word(text: str) -> str:
    if not 1 <= len(text.strip()) <= 120:
        raise argparse.ArgumentTypeError("1 to 120 characters")
    return text.strip()


def _is_text(value: object) -> bool:
    """Whether it can be kept and said: an argument that is not UTF-8 comes as halves of characters."""
    if isinstance(value, list | tuple):
        return all(map(_is_text, value))
    try:
        return not isinstance(value, str) or value.encode() is not None
    except UnicodeEncodeError:
        return False


def _say(text: str) -> int:
    """The answer, and the exit code: what was done is done, also where nobody listens any more."""
    try:
        if sys.stdout is None:
            raise BrokenPipeError
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal of another encoding
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as world:
        with contextlib.suppress(OSError, AttributeError, ValueError):  # what is left unwritten is not tried again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _sorry(f"it was done, but the answer could not be written: {os.strerror(world.errno or errno.EPIPE)}")
    return 0


def _sorry(text: str, code: int = EXIT_CANNOT) -> int:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
