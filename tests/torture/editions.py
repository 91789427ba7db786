"""Editions of the catalogue, published while things go wrong; some of them no terminal may take."""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.files import read_files
from central.__main__ import CATALOGUE
from central.keys import utc_now
from central.store import editions as store
from central.store.database import Database, StoreUnavailable
from wire.canonical import canonical, sha256_hex
from wire.editions import EVERYWHERE, Edition

TOUCHED, BROKEN = "home.yaml", "items/jinglaoka.yaml"
BAD = 1 / 6
"""So often what is published is good for nobody, as a later central's might be; it never comes last."""


@dataclass
class Published:
    """What central's desk has said of editions."""

    folder: Path
    good: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    refused: int = 0  # times that central could not

    def __post_init__(self) -> None:
        self._files = self.folder / "catalogue"
        self._count = 0

    def publish(self, desk: Callable[..., str | None]) -> int:
        """The next one, by `python -m central publish`; its version, 0 when central could not."""
        if not self._files.exists():
            shutil.copytree(CATALOGUE, self._files)
        self._count += 1
        with (self._files / TOUCHED).open("a", encoding="utf-8") as file:
            file.write(f"# edition {self._count}\n")
        said = desk("publish", "--catalogue", str(self._files))
        if said is None:
            self.refused += 1
            return 0
        version = int(said.split()[1])
        self.good.append(version)
        return version

    def publish_bad(self, where: Path | str, chance: random.Random) -> None:
        """One whose item breaks off anywhere, put into central's books past its checks and signed like any other."""
        files = read_files(CATALOGUE)
        files[BROKEN] = files[BROKEN][: chance.randrange(40, len(files[BROKEN]) // 2)] + "\n: ["
        database = Database(where)
        try:
            with database.writing(lock="catalogue") as connection:
                version = store.highest_version(connection) + 1
                made = Edition(version=version, as_of=utc_now(), region=EVERYWHERE, files=files)
                store.keep(connection, made, sha256_hex(canonical(files)))
            self.bad.append(version)
        except StoreUnavailable:
            self.refused += 1
        finally:
            database.close()
