"""A catalogue that came as a ZIP archive from somebody's browser: bounded, only files of a catalogue, then published.

The archive is believed in nothing: not its sizes, not its names. Nothing of it is written anywhere before each name was
found to be one that a catalogue may have.
"""

import io
import re
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

from catalogue.source import LARGEST_FILE
from central.jobs.editions import NotPublished, Published, publish
from central.wiring import Central
from wire.editions import FILE_NAME, LARGEST_EDITION

MOST_FILES = 2100
_NAME = re.compile(FILE_NAME)
_LITTER = "__MACOSX/"
"""What a file manager puts into archives by itself, under the names of what is packed."""


def publish_archive(central: Central, data: bytes, *, by: str, region: str = "") -> Published:
    """Publish the catalogue in this archive.

    Raises NotPublished with a line for each mistake, OSError, StoreUnavailable.
    """
    files = unpacked(data)
    with tempfile.TemporaryDirectory(prefix="nuanting-publish-") as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        return publish(central, Path(folder), by=by, region=region)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files by their names in a catalogue; a folder that holds everything is left out. Raises NotPublished."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError) as broken:
        raise NotPublished("this is no ZIP archive that can be read: make it anew, without a password") from broken


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    found = [info for info in archive.infolist() if not info.is_dir() and _is_meant(info.filename)]
    if not found:
        raise NotPublished("the archive holds no file of a catalogue: pack the folder that home.yaml and items/ are in")
    if len(found) > MOST_FILES:
        raise NotPublished(f"the archive holds more than {MOST_FILES} files: no catalogue has so many")
    top = _one_folder([info.filename for info in found])
    files: dict[str, bytes] = {}
    wrong: list[str] = []
    left = LARGEST_EDITION
    for info in found:
        name = info.filename.removeprefix(top)
        if not _NAME.fullmatch(name):
            wrong.append(f"{name[:100]!r}: is no name for a file of a catalogue")
        elif name in files:
            wrong.append(f"{name}: is there twice")
        elif info.flag_bits & 1:
            wrong.append(f"{name}: needs a password")
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            wrong.append(f"{name}: is packed in an unusual way")
        else:
            with archive.open(info) as stream:
                content = stream.read(min(left, LARGEST_FILE) + 1)
            if len(content) > LARGEST_FILE:
                wrong.append(f"{name}: is larger than {LARGEST_FILE} bytes")
            elif len(content) > left:
                raise NotPublished(f"all files together are larger than {LARGEST_EDITION} bytes")
            left -= min(left, len(content))
            files[name] = content
    if wrong:
        raise NotPublished("\n".join(wrong[:200]))
    return files


def _one_folder(names: list[str]) -> str:
    """The folder that all of them lie in, with its slash; "" when there is none, or when it is a catalogue's own."""
    first, _, _ = names[0].partition("/")
    folder = f"{first}/"
    inside = first not in ("items", "packages", ".", "..", "") and all(name.startswith(folder) for name in names)
    return folder if inside else ""


def _is_meant(name: str) -> bool:
    """Whether a file is looked at: like the command's folder, an archive may hold other things beside."""
    return not name.startswith(_LITTER) and (name.endswith(".yaml") or name.rpartition("/")[2] == "settings.toml")
