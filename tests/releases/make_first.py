"""How `first.tar.xz` was made: by the first release's own code, once.

    git archive 1c41b7a | tar x -C /tmp/first && cd /tmp/first
    PYTHONPATH=/tmp/first python …/tests/releases/make_first.py /tmp/made && tar cJf first.tar.xz -C /tmp/made .

A central's folder and a terminal's as the first release left them: cases small and large, a proof, a rating, an
incident and a ticket; and at the terminal letters that were not sent yet. Persons and keys are made up, and nobody's.
"""

import shutil
import sys
from pathlib import Path

from central import desk
from tests.central.test_with_the_store import NT, SH, paired
from tests.central.world import NUMBER
from wire.ids import ItemCode

LARGE = b"%PDF-1.7 " + bytes(range(256)) * 1030  # just too large for a row


def main(into: Path) -> None:
    made = into / "made"
    with paired(made) as pair:
        writer, store = pair.writer, pair.store
        for number in range(3):
            store.accept(writer.application(f"A-{number}", materials=[b"\xff\xd8 a photograph"]), subject=f"s{number}")
        store.accept(writer.application("A-large", page=LARGE), subject="large")
        store.accept(writer.proof("P-1"), subject="p")
        store.accept(writer.rated("A-0", 4), subject="A-0")
        store.accept(writer.incident(), subject="deed-1")
        desk.register_ticket(
            pair.central,
            SH,
            NT,
            item=ItemCode("juzhuzheng-pickup"),
            what_zh="居住证",
            what_en="Permit",
            door=7,
            number=NUMBER,
        )
        pair.rounds(3)
        assert store.waiting().letters == 0
        assert pair.opened() == ["A-0", "A-1", "A-2", "A-large"]
        mirror = store.mirror()
        assert mirror is not None
        assert len(mirror.tickets) == 1
        store.accept(writer.application("B-waits"), subject="w")
        store.accept(writer.application("B-waits-large", page=LARGE), subject="wl")
        store.accept(writer.rated("B-waits", 5), subject="B-waits")
    shutil.move(made / "central", into / "central")
    shutil.move(made / "terminal", into / "terminal")
    (into / "terminal" / "reserve").unlink(missing_ok=True)
    made.rmdir()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
