"""What a group of opened letters adds, table by table, written together: a statement for many rows costs like one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from central.store.case_tables import case_events
from central.store.cases import PartRow, part_row, receipt_row
from central.store.database import Connection, insert_all
from central.store.events import EventRow, row_of
from central.store.letters import KeptLetter
from central.store.tables import cases, parts, receipts
from central.store.vault import SealedPerson
from central.store.vault_tables import vault_keys
from trust.vault import WrappedKey
from wire.letters import Application
from wire.tokens import Receipt


@dataclass
class Additions:
    """Rows that are not in the database yet."""

    _keys: list[dict[str, Any]] = field(default_factory=list)
    _cases: list[dict[str, Any]] = field(default_factory=list)
    _parts: list[dict[str, Any]] = field(default_factory=list)
    _receipts: list[dict[str, Any]] = field(default_factory=list)
    _events: list[dict[str, Any]] = field(default_factory=list)

    def key(self, region: str, about: str, key: WrappedKey) -> None:
        """The key of a new case or proof."""
        self._keys.append({"region": region, "about": about, "kid": key.kid, "wrapped": key.wrapped})

    def case(
        self,
        letter: KeptLetter,
        told: Application,
        person: SealedPerson,
        flags: Sequence[str],
        begun: Sequence[EventRow],
        queue: str,
    ) -> None:
        """A new case, as it is after its first events."""
        last = begun[-1]
        self._cases.append(
            {
                "region": letter.region,
                "case": told.case,
                "letter": letter.id,
                "terminal": letter.terminal,
                "item": told.item,
                "version": told.version,
                "definition": told.definition,
                "person_tag": person.tag,
                "sealed": person.sealed,
                "consents": {name: at.isoformat() for name, at in told.consents.items()},
                "language": told.language,
                "receipt": told.receipt,
                "flags": list(flags),
                "submitted_at": told.submitted_at,
                "received_at": letter.received_at,
                "state": last.after,
                "revision": last.revision,
                "since": last.at if last.revision else None,
                "queue": queue,
            }
        )
        self._events += map(row_of, begun)

    def part(self, region: str, case: str, file: PartRow) -> None:
        """A file of a new case."""
        self._parts.append(part_row(region, case, file))

    def receipt(self, letter: KeptLetter, token: str, receipt: Receipt) -> None:
        """A link of the terminal's receipt chain. `token` is what `receipt` was read from."""
        self._receipts.append(receipt_row(letter, token, receipt))

    @property
    def new_cases(self) -> tuple[str, ...]:
        """Their numbers."""
        return tuple(row["case"] for row in self._cases)

    def write(self, connection: Connection) -> None:
        """Raises KeyTaken when another transaction made one of them a moment ago."""
        insert_all(connection, vault_keys, self._keys)
        insert_all(connection, cases, self._cases)
        insert_all(connection, parts, self._parts)
        insert_all(connection, receipts, self._receipts, may_be_there=True)
        insert_all(connection, case_events, self._events)
