"""A made-up district, and a person before its terminal on an X screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.world import World
from tests.touch.person import Person, Watched
from tests.touch.xscreen import x_screen


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "world", page_s=0.3, slip_baud=921600) as world:
        world.enrol()
        yield world


@pytest.fixture
def person(world: World, tmp_path: Path) -> Iterator[Person]:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with x_screen() as screen:
        terminal = Watched(world, screen)
        try:
            terminal.start()
            yield Person(screen, terminal, pictures)
        finally:
            terminal.close()
