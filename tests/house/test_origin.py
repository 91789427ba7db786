"""The tree names no machine and no registry, and its locks are whole."""

import re

from tests.house.tree import ROOT, all_files, shown

_DOT = "."
HOSTS = [
    _DOT.join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("crates", "io"),
        ("proxy", "golang", "org"), ("deb", "debian", "org"), ("rubygems", "org"), ("files", "pythonhosted"),
    )
]  # fmt: skip
PLACES = ["/" + name + "/" for name in ("root", "workspace")] + ["/work" + "/main", "/work" + "/shared"]
BINARY = {".ttf", ".png", ".jpg", ".pdf", ".wav", ".ogg", ".bin", ".gz", ".ico"}

ENTRY = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==\S+")


def _texts() -> list[tuple[str, str]]:
    return [(shown(p), p.read_text("utf-8", errors="replace")) for p in all_files() if p.suffix.lower() not in BINARY]


def test_no_registry_is_named() -> None:
    assert [(name, host) for name, text in _texts() for host in HOSTS if host in text] == []


def test_no_place_on_a_builders_machine_is_named() -> None:
    assert [(name, place) for name, text in _texts() for place in PLACES if place in text] == []


def test_every_locked_package_is_pinned_and_hashed() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
        assert entries
        for entry in entries:
            assert ENTRY.match(entry), f"{lock.name}: {entry[:60]}"
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry[:60]}"


def test_the_licence_table_lists_every_package_that_ships() -> None:
    table = (ROOT / "docs/licences.md").read_text("utf-8").lower().replace("_", "-")
    locked = re.findall(
        r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    assert locked
    assert [name for name in locked if f"| {name.lower().replace('_', '-')} |" not in table] == []
