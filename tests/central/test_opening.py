"""Letters that were kept and could not be opened when they came."""

import threading
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from central import desk
from central.app import create_app
from central.rules.letters import LetterState
from central.settings import CentralSettings
from central.store import cases, letters
from central.store.additions import Additions
from central.store.database import StoreUnavailable
from tests.central.world import BASE, Clock, Terminal
from tests.contracts.until import until
from wire.ids import RegionId, SiteId, TerminalId
from wire.messages import AckState


@pytest.mark.log_warnings_expected
def test_what_a_full_disk_left_unopened_is_opened_once_there_is_room(
    central_settings: CentralSettings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    def full(*_: object) -> bool:
        tried.set()
        raise StoreUnavailable("body errno 28")

    app = create_app(replace(central_settings, open_again_s=0.01), now=clock)
    central = app.state.central
    with TestClient(app, base_url=BASE) as client:
        terminal = Terminal(client, clock)
        code = desk.enrolment_code(
            central, RegionId(terminal.region), SiteId(terminal.site), TerminalId(terminal.terminal)
        )
        assert terminal.enrol(code).status_code == 200
        letter = terminal.letter(terminal.application("A-1"))
        monkeypatch.setattr(Additions, "write", full)
        terminal.settles = False
        assert terminal.send(letter)[0].state is AckState.RECEIVED
        tried.clear()
        assert tried.wait(10.0)  # again, and by nobody's asking
        monkeypatch.undo()

        def state() -> LetterState:
            with central.database.reading() as connection:
                kept = letters.find(connection, terminal.region, letter.header.id)
            assert kept is not None
            return kept.state

        until(lambda: state() is LetterState.OPENED)
        with central.database.reading() as connection:
            assert len(cases.find_cases(connection, "A-1")) == 1
