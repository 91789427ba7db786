"""Central's program and its desk: `python -m central serve | code | ticket | idcode | withdraw`."""

import argparse
import datetime as dt
import fcntl
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from central import desk
from central.app import create_app
from central.jobs.intake import sweep
from central.serving import CentralServer, address_of, open_listener
from central.settings import CentralSettings, is_loopback
from central.store.database import StoreDamaged, StoreUnavailable
from central.wiring import Central, open_central
from trust.keys import KeyFileBroken
from wire.ids import ItemCode, RegionId, SiteId, TerminalId

EXIT_CANNOT = 3
CATALOGUE = Path(__file__).parents[1] / "assets" / "catalogue"


class CannotServe(Exception):
    """Central does not start; the text says why, for an operator."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    told = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        if told.command == "serve":
            settings = CentralSettings(
                told.folder, told.host, told.port, behind_proxy=told.behind_proxy, catalogue=told.catalogue
            )
            return serve(settings)
        return _at_the_desk(told)
    except (CannotServe, StoreDamaged, StoreUnavailable) as mistake:
        return _sorry(f"central cannot use {told.folder}: {mistake}")
    except KeyFileBroken as mistake:
        return _sorry(f"the key file {mistake} in {told.folder / 'keys'} is broken: restore it from a copy")
    except FileNotFoundError as mistake:
        return _sorry(f"missing: {mistake.filename}; central does not make new keys beside letters sealed to old ones")
    except OSError as mistake:
        return _sorry(f"central cannot use {told.folder}: {os.strerror(mistake.errno or 0)}")


def serve(settings: CentralSettings) -> int:
    """Serve until told to stop. Prints one line of JSON with the address once requests are answered.

    Raises CannotServe, OSError and what `create_app` raises.
    """
    if not settings.behind_proxy and not is_loopback(settings.host):
        raise CannotServe(
            f"the pages have no login: {settings.host} is not this machine. Listen on 127.0.0.1, or put a proxy with "
            "login and TLS in front and say --behind-proxy"
        )
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.folder / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise CannotServe("another central serves from this folder") from busy
        app = create_app(settings)
        sweep(app.state.central)
        with open_listener(settings.host, settings.port) as listener:
            url, port = address_of(listener)
            CentralServer(app, lambda: _say(json.dumps({"url": url, "port": port}))).run(sockets=[listener])
    return 0


def _at_the_desk(told: argparse.Namespace) -> int:
    central = open_central(CentralSettings(told.folder))
    try:
        _say(_done(central, told))
    except desk.UnknownTerminal as unknown:
        return _sorry(f"no terminal {unknown} is enrolled in region {told.region}")
    except desk.NotPossible as refusal:
        return _sorry(f"not possible: {refusal}")
    finally:
        central.close()
    return 0


def _done(central: Central, told: argparse.Namespace) -> str:
    if told.command == "idcode":
        return desk.citizen_code(
            central,
            kind=told.kind,
            name=told.name,
            number=told.number,
            birth=told.birth,
            address=told.address,
            life=dt.timedelta(minutes=told.minutes),
        )
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
        sub.add_argument("--folder", type=Path, required=True, help="central's own folder")
        if terminal:
            sub.add_argument("--region", required=True, type=_word)
            sub.add_argument("--terminal", required=True, type=_word)
        return sub

    serving = command("serve", "answer terminals and show pages", terminal=False)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--catalogue", type=Path, default=CATALOGUE, help="for the items' titles on the pages")
    serving.add_argument("--port", type=int, default=8600, help="0 for any free one")
    serving.add_argument(
        "--behind-proxy", action="store_true", help="a proxy with login and TLS is in front: any host may be bound"
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
    ticket.add_argument("--pickup-code", default="")
    idcode = command("idcode", "make a citizen's code for a demonstration", terminal=False)
    idcode.add_argument("--name", required=True, type=_word)
    idcode.add_argument("--number", required=True, type=_word)
    idcode.add_argument("--kind", default="citizen", type=_word)
    idcode.add_argument("--birth", type=dt.date.fromisoformat)
    idcode.add_argument("--address", default="")
    idcode.add_argument("--minutes", type=int, default=10)
    return parser


def _word(text: str) -> str:
    if not 1 <= len(text.strip()) <= 120:
        raise argparse.ArgumentTypeError("1 to 120 characters")
    return text.strip()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _sorry(text: str) -> int:
    sys.stderr.write(text + "\n")
    return EXIT_CANNOT


if __name__ == "__main__":
    sys.exit(main())
