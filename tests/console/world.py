"""A real central on loopback, officials with passwords and authenticators, terminals that send whole applications."""

import datetime as dt
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from catalogue.model import Item
from central import desk
from central.__main__ import CATALOGUE
from central.app import create_app
from central.jobs.staff import add_staff, everybody
from central.rules.asks import BEIJING
from central.rules.deciding import lot_of
from central.rules.roles import Role
from central.serving import CentralServer, address_of, open_listener
from central.settings import CentralSettings
from central.store import letters
from central.wiring import Central
from documents.application import Application as Facts
from documents.application import application_pdf
from documents.person import Person as Applicant
from tests.central.caseworld import amended
from tests.central.waiting import PATIENCE_S, opened_whole, until
from tests.central.world import Clock, Terminal
from trust.passwords import PasswordCost, totp_code
from trust.tokens import write
from wire.canonical import sha256_hex
from wire.ids import RegionId, SiteId, TerminalId
from wire.letters import Person
from wire.tokens import Receipt

PASSWORD = "a long made-up one"
CHEAP = PasswordCost(passes=1, memory_kib=64, lanes=1)
REGION = "sh-310101"
PHONE = "13800001234"
PROMISED = {"contact.phone": PHONE, "pay.account_new": "6222020000000000", "promise.own_account": "given"}
ANSWERS = {"contact.phone": PHONE, "residence.address": "上海市黄浦区演示路1号102室", "delivery.way": "cabinet"}


@dataclass
class Official:
    """Somebody of the staff, with what is in his head and on his telephone."""

    login: str
    secret: str = field(repr=False)


class DeskTerminal(Terminal):
    """A terminal whose applications carry a page that can be read, of an item as the catalogue has it."""

    item: Item
    central: Central

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> httpx2.Response:
        """What was acknowledged is opened before the test goes on: central does it after it has answered."""
        answer = super().ask(method, target, body, **headers)
        if target.startswith("/v1/letters"):
            until(lambda: unopened(self.central) == 0, "letters to be opened")
            opened_whole(self.central)
        return answer

    def receipt(self, case: str, parts: Sequence[str]) -> str:
        self.counter += 1
        told = Receipt(
            case=case,
            item=self.item.code,
            version=self.item.version,
            parts=tuple(parts),
            at=self.clock(),
            terminal=self.terminal,
            counter=self.counter,
            previous=self.previous,
        )
        text = write(told, self.key)
        self.previous = sha256_hex(text.encode())
        return text

    def page(self, person: Person, case: str, answers: dict[str, str]) -> bytes:
        applicant = Applicant(
            person.kind, person.name, person.number, person.by, birth=person.birth, address=person.address
        )
        return application_pdf(
            Facts(self.item, answers, applicant, case, self.clock().astimezone(BEIJING), self.terminal, self.site, "zh")
        )

    def apply(
        self,
        item: Item,
        case: str,
        who: Person,
        answers: dict[str, str],
        materials: Sequence[bytes] = (),
    ) -> None:
        self.item = item
        told = self.application(
            case,
            page=self.page(who, case, answers),
            materials=materials,
            item=item.code,
            version=item.version,
            definition=item.sha256,
            person=who,
            answers=answers,
        )
        (ack,) = self.send(self.letter(told))
        assert ack.state == "received"

    def put_right(self, desk_: "Desk", case: str, who: Person, answers: dict[str, str]) -> None:
        """What a citizen does at this terminal with a case that asks for something."""
        row = desk_.row(case)
        item = desk_.central.item(row.item)
        assert item is not None
        self.item = item
        told = amended(self, row, answers, page=self.page(who, case, answers), person=who)
        (ack,) = self.send(self.letter(told))
        assert ack.state == "received"


@dataclass
class Desk:
    """Everything a test of the desk works with."""

    url: str
    central: Central = field(repr=False)
    clock: Clock
    people: dict[str, Official] = field(default_factory=dict)

    def official(self, login: str, name: str, *roles: Role, regions: Sequence[str] = ("*",)) -> Official:
        uri = add_staff(self.central, login, name, roles, regions, PASSWORD)
        secret = urllib.parse.parse_qs(urllib.parse.urlsplit(uri).query)["secret"][0]
        self.people[login] = Official(login, secret)
        return self.people[login]

    def roles(self, login: str) -> tuple[Role, ...]:
        return next(tuple(map(Role, each.roles)) for each in everybody(self.central) if each.login == login)

    def code(self, login: str) -> str:
        """What the authenticator shows, one that was not used yet."""
        self.clock.move(seconds=31)
        return totp_code(self.people[login].secret, self.clock())

    def terminal(self, client: httpx2.Client, name: str, site: str = "人民广场", region: str = REGION) -> DeskTerminal:
        made = DeskTerminal(client, self.clock, region=region, site=site)
        made.central = self.central
        code = desk.enrolment_code(self.central, RegionId(region), SiteId(site), TerminalId(name))
        assert made.enrol(code).status_code == 200
        return made

    def item(self, code: str) -> Item:
        found = self.central.item(code)
        assert found is not None
        return found

    def row(self, case: str):  # type: ignore[no-untyped-def]
        from tests.central.caseworld import the

        return the(self.central, case)

    def number(self, stem: str, *, sampled: bool) -> str:
        """A case number whose lot is drawn, or is not."""
        for at in range(10_000):
            case = f"{stem}{at:04d}"
            if (lot_of(self.central.vault.tag(f"sample {REGION} {case}")) < 0.1) is sampled:
                return case
        raise AssertionError("nobody is ever drawn")


def unopened(central: Central) -> int:
    with central.database.reading() as connection:
        return letters.unopened_count(connection)


def citizen(name: str = "王暖亭", number: str = "310101194905150023", **changed: object) -> Person:
    told = {
        "kind": "citizen",
        "name": name,
        "number": number,
        "birth": dt.date(1949, 5, 15),
        "address": "上海市黄浦区演示路1号",
        "by": "card",
    }
    return Person.model_validate(told | changed)


@contextmanager
def served(folder: Path, clock: Clock) -> Iterator[Desk]:
    """A central that answers on a free port of this machine."""
    app = create_app(CentralSettings(folder, catalogue=CATALOGUE, password_cost=CHEAP), now=clock)
    ready = threading.Event()
    with open_listener("127.0.0.1", 0) as listener:
        url, _ = address_of(listener)
        server = CentralServer(app, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="central-served")
        thread.start()
        try:
            assert ready.wait(PATIENCE_S)
            yield Desk(url, app.state.central, clock)
        finally:
            server.should_exit = True
            thread.join(20)
