"""A marked citizen goes through everything; nothing that the terminal wrote can be read of them."""

import base64
import gzip
import os
import zlib
from pathlib import Path

import pytest

from demo.visits import CARD
from hardware.twins.id_card_sam import citizen_card
from hardware.twins.made_up_people import MadeUpPerson, numbered
from tests.privacy.search import forms, readable
from tests.visits.rig import Rig

NAME, ADDRESS = "龖䶮㛃𬱖", "上海市密语区鱻靐胡同9071弄"
NUMBER = numbered("31019919530723406")
TYPED = "13900010907"
MARKED = MadeUpPerson("marked", "", "", citizen_card(name=NAME, number=NUMBER, address=ADDRESS, valid_to="长期"))
WORDS = {
    "name": NAME,
    "rare part of the name": NAME[1:],
    "number": NUMBER,
    "masked number's hidden part": NUMBER[4:14],
    "address": ADDRESS,
    "street": ADDRESS[6:],
    "typed address": "长阳路88号201室",
    "phone": TYPED,
}


def written_elsewhere(pid: int, folder: Path) -> list[str]:
    """Files outside the folder that the program holds open for writing."""
    found = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            path, flags = os.readlink(descriptor), Path(f"/proc/{pid}/fdinfo/{descriptor.name}").read_text()
        except FileNotFoundError:
            continue  # closed meanwhile
        mode = int(flags.split("flags:")[1].split()[0], 8) & os.O_ACCMODE
        outside = path.startswith("/") and not path.startswith(("/dev/", "/proc/", "/memfd:", str(folder)))
        if outside and mode != os.O_RDONLY:
            found.append(path)
    return found


@pytest.mark.timeout(180)
def test_of_a_marked_citizen_nothing_can_be_read_on_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.visits.PHONE", TYPED)
    monkeypatch.setattr("demo.visits.OLD_TAIL", len(ADDRESS) - 3)
    rig = Rig(tmp_path, screenless=False)
    try:
        rig.world.stock(MARKED, 5)
        rig.terminal.start()
        rig.visit.prove(MARKED)
        rig.visit.leave()
        rig.visit.collect(MARKED, 5)
        rig.visit.leave()
        rig.world.gate.cut()  # the letter stays: sealed
        case = rig.visit.apply(MARKED, edit=True)
        rig.visit.leave()
        elsewhere = written_elsewhere(rig.terminal.pid, rig.world.folder)
        rig.visit.choose(CARD)
        rig.visit.lay_card(MARKED)
        rig.visit.agree()
        rig.visit.fill_in(edit=True)
        rig.terminal.kill()  # on the review page: everything typed, nothing submitted
        killed = readable(tmp_path / "terminal", WORDS)
        rig.world.gate.mend()
        rig.terminal.start()
        row = rig.case(case)
        rig.told()
        rig.terminal.stop()
    finally:
        rig.close()
    assert row.person.name == NAME  # it was the marked citizen who went through
    assert row.answers["contact.phone"] == TYPED
    assert row.answers["residence.address"] == "上海市长阳路88号201室"
    assert killed == []
    assert readable(tmp_path / "terminal", WORDS) == []
    assert elsewhere == []
    written = [path for path in (tmp_path / "terminal").rglob("*") if path.is_file()]
    assert {"store.db", "kiosk.log"} <= {path.name for path in written}


# ---- the search itself -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", forms(NAME))
def test_the_search_finds_each_form_wherever_it_stands(tmp_path: Path, name: str) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "page.bin").write_bytes(os.urandom(5000) + forms(NAME)[name] + os.urandom(5000))
    assert any(f"name in {name}" in line for line in readable(tmp_path, WORDS))


@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_the_search_finds_base64_at_any_offset(tmp_path: Path, before: int, encoding: str) -> None:
    text = base64.b64encode(b"x" * before + ADDRESS.encode(encoding) + b"y" * 7)
    (tmp_path / "letter").write_bytes(text)
    assert readable(tmp_path, {"address": ADDRESS})


def test_the_search_looks_into_packed_streams_and_finds_nothing_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"stream\n" + zlib.compress(NAME.encode("utf-16-be")) + b"\nendstream")
    assert readable(tmp_path, WORDS)
    (tmp_path / "page.pdf").write_bytes(gzip.compress(os.urandom(100_000)))
    assert readable(tmp_path, WORDS) == []
