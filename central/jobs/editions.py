"""Publishing the catalogue and a district's settings to terminals, and handing them out, signed."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from catalogue import district
from catalogue.files import load_with_offices, read_files
from catalogue.loader import Catalogue, CatalogueMistakes
from catalogue.source import Mistake
from central.jobs.audit import NO_REGION, note
from central.rules.letters import Sender
from central.store import editions as store
from central.store.database import Connection, tell_after
from central.store.jobs import EVERY_TERMINAL
from central.store.terminals import MIRROR
from central.wiring import Central
from wire.canonical import b64u, canonical, sha256_hex
from wire.editions import EVERYWHERE, SETTINGS_FILE, Edition, SignedEdition, signed_part


class NotPublished(Exception):
    """A catalogue that terminals shall not get; the text says every reason, a line each."""


@dataclass(frozen=True)
class Published:
    """What stands now. `new` is False when the newest edition held these very files already."""

    version: int
    items: int
    files: int
    settings: tuple[str, ...]
    new: bool


def publish(central: Central, folder: Path, *, by: str, region: str = "") -> Published:
    """Make the catalogue in `folder` the newest edition of one region, or of all.

    It has to be whole, and an item that has changed has to have a new version: letters name an item by code and
    version, and whoever reads one years later must find what the citizen saw. A `settings.toml` in the folder goes with
    it: it may say only what a district may set from afar. A repetition changes nothing.
    Raises NotPublished, OSError, StoreUnavailable.
    """
    where = region or EVERYWHERE
    if not folder.is_dir():
        raise NotPublished(f"{folder} is no folder: name the one that the items are in")
    try:
        files = read_files(folder)
        if not files:
            raise NotPublished(f"{folder} holds no catalogue: name the folder that home.yaml and items/ are in")
        blank = Edition(version=1, as_of=central.now(), region=where, files=files)
        catalogue, settings = _checked(files)
    except CatalogueMistakes as mistakes:
        raise NotPublished(str(mistakes)) from mistakes
    except ValidationError as broken:
        raise NotPublished("\n".join(map(_told, broken.errors(include_input=False, include_url=False)))) from broken
    digest = sha256_hex(canonical(files))
    with central.database.writing(lock="catalogue") as connection:
        held = store.newest(connection, where)
        if held is not None and held.region == where and held.files == files:
            return Published(held.version, len(catalogue.items), len(files), settings, new=False)
        _refuse_changed(connection, catalogue)
        made = blank.model_copy(update={"version": _next_version(connection, central)})
        store.keep(connection, made, digest)
        for item in catalogue.items:
            store.keep_item(connection, where, item.code, item.version, item.sha256, made.version)
        about = region or NO_REGION
        note(
            connection,
            central,
            by,
            "catalogue.published",
            str(made.version),
            region=about,
            files=len(files),
            items=len(catalogue.items),
            settings=" ".join(settings),
            sha256=digest,
        )
        tell_after(connection, MIRROR, EVERY_TERMINAL)  # its answer says that there is an edition
    return Published(made.version, len(catalogue.items), len(files), settings, new=True)


def newest_version(central: Central, sender: Sender) -> int:
    """The version of the newest edition for a terminal; 0 when there is none. Raises StoreUnavailable."""
    with central.database.reading() as connection:
        return store.newest_version(connection, sender.region)


def edition(central: Central, sender: Sender, have: int, *, settings: bool) -> SignedEdition | None:
    """The newest edition for a terminal, signed; None when it has that one or a later one. Raises StoreUnavailable.

    Signed by the key in use: a terminal hears of an edition with its mirror, which has brought it that key. Who asks
    for `settings` always gets the file that they stand in; who does not would refuse the edition for its name.
    """
    with central.database.reading() as connection:
        if store.newest_version(connection, sender.region) <= have:
            return None
        found = store.newest(connection, sender.region)
    if found is None:
        return None
    files = {name: text for name, text in found.files.items() if name != SETTINGS_FILE}
    if settings:
        files[SETTINGS_FILE] = found.files.get(SETTINGS_FILE, "")
    told = found.model_copy(update={"files": files})
    key = central.keys.ack
    signed = canonical(signed_part(told.model_dump(mode="json")))
    return SignedEdition(edition=told, kid=key.kid, sig=b64u(key.sign(signed)))


def _checked(files: dict[str, str]) -> tuple[Catalogue, tuple[str, ...]]:
    """The catalogue, and the names of the settings. Raises CatalogueMistakes with those of both, OSError."""
    settings: tuple[str, ...] = ()
    wrong: tuple[Mistake, ...] = ()
    try:
        settings = tuple(sorted(district.read(files.get(SETTINGS_FILE, ""))))
    except CatalogueMistakes as mistakes:
        wrong = mistakes.mistakes
    try:
        catalogue, _ = load_with_offices(files)
    except CatalogueMistakes as mistakes:
        raise CatalogueMistakes((*mistakes.mistakes, *wrong)) from mistakes
    if wrong:
        raise CatalogueMistakes(wrong)
    return catalogue, settings


def _refuse_changed(connection: Connection, catalogue: Catalogue) -> None:
    known = store.published(connection, catalogue.codes)
    changed = [
        f"items/{item.code}.yaml: has changed since version {item.version} was published: raise its version"
        for item in catalogue.items
        if known.get((item.code, item.version), item.sha256) != item.sha256
    ]
    if changed:
        raise NotPublished("\n".join(changed))


def _next_version(connection: Connection, central: Central) -> int:
    """The time as a number, 20261122104500: so a central that was restored from a backup gives none a second time."""
    return max(store.highest_version(connection) + 1, int(central.now().strftime("%Y%m%d%H%M%S")))


def _told(problem: object) -> str:
    told = problem if isinstance(problem, dict) else {}
    place = ".".join(map(str, told.get("loc", ()))).removeprefix("files.").removesuffix(".[key]")
    if told.get("type") == "string_pattern_mismatch":
        return f"{place}: is no name for a file of a catalogue"
    return f"{place}: {told.get('msg', '')}"
