"""What central asks of a department whose records are printed; a part of `central.connectors.department.Department`."""

from typing import Protocol

from wire.messages import RecordAnswer


class RecordsConnector(Protocol):
    """One department's records. Called in a worker thread, may take seconds, keeps nothing.

    Does not raise for what the department does: it answers UNAVAILABLE.
    """

    def query(self, item: str, number: str, name: str) -> RecordAnswer: ...

    def probe(self) -> bool:
        """Whether the department answers at all; asks about nobody."""
        ...
