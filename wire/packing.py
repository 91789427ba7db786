"""A letter's contents as the bytes that are sealed: JSON, and the attached files as they are behind it.

A file as base64 in JSON is a third larger on the disk and on the line, and costs both ends time. Layout (big-endian):

    "NTP1" | length of the JSON u32 | files u16 | per file: length u64 | JSON | the files, one after another

In the JSON an attachment whose bytes stand behind it has `data` "#" and its number. Contents without attachments, or
with any whose `data` is not canonical base64url, are the JSON alone; a reader takes both.
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from wire.canonical import b64u
from wire.letters import Amended, Application, Attachment, Contents

MAGIC = b"NTP1"
_HEAD = struct.Struct(">4sIH")
_LENGTH = struct.Struct(">Q")
_BASE64 = TypeAdapter(bytes, config=ConfigDict(val_json_bytes="base64"))  # ten times as quick as the standard library's
_MARK = "#"
_PIECE = 1024 * 1024
_EMPTY = hashlib.sha256().hexdigest()

T = TypeVar("T")


class NotPacked(ValueError):
    """The bytes are no contents of ours."""


@dataclass(frozen=True)
class Packed:
    """`size` bytes in all, `head` first, then each file."""

    size: int
    head: bytes = field(repr=False)
    files: tuple[bytes | Path, ...] = field(repr=False)

    def pieces(self) -> Iterator[bytes]:
        """The bytes in order. Raises OSError for a file that cannot be read."""
        yield self.head
        for file in self.files:
            if isinstance(file, bytes):
                yield file
                continue
            with file.open("rb") as source:
                while piece := source.read(_PIECE):
                    yield piece


def pack(contents: Contents, files: Mapping[str, bytes | Path] | None = None) -> Packed:
    """The contents with their attachments. Raises OSError, and ValueError for an attachment that is nowhere.

    `files` holds attachments whose `data` is empty in `contents`, by SHA-256: as bytes, or as a file on the disk, which
    is read piece by piece while `pieces` is, never whole.
    """
    behind: list[bytes | Path] = []
    attachments = _files_of(contents)
    for attachment in attachments:
        file = _file(attachment, files or {})
        if file is None:
            return _plain(contents)
        behind.append(file)
    if not behind:
        return _plain(contents)
    marked = [each.model_copy(update={"data": f"{_MARK}{number}"}) for number, each in enumerate(attachments)]
    told = contents.model_copy(update={"page": marked[0], "materials": tuple(marked[1:])})
    text = told.model_dump_json().encode()
    sizes = [len(file) if isinstance(file, bytes) else file.stat().st_size for file in behind]
    head = _HEAD.pack(MAGIC, len(text), len(behind)) + b"".join(map(_LENGTH.pack, sizes)) + text
    return Packed(len(head) + sum(sizes), head, tuple(behind))


def unpack(plain: bytes, kind: TypeAdapter[T]) -> T:
    """The contents, their attachments' `data` base64url again. Raises ValueError (ValidationError, NotPacked)."""
    if not plain.startswith(MAGIC):
        return kind.validate_json(plain)
    return kind.validate_python(unpacked(plain))


def unpacked(plain: bytes) -> Any:
    """The same as JSON values, not looked at closer. Raises ValueError."""
    if not plain.startswith(MAGIC):
        return _loaded(plain)
    try:
        _, length, count = _HEAD.unpack_from(plain)
        sizes = [_LENGTH.unpack_from(plain, _HEAD.size + n * _LENGTH.size)[0] for n in range(count)]
    except struct.error as short:
        raise NotPacked("cut in its head") from short
    at = _HEAD.size + count * _LENGTH.size
    if at + length + sum(sizes) != len(plain):
        raise NotPacked("not as long as it says")
    told = _loaded(plain[at : at + length])
    at += length
    names = []
    for size in sizes:
        names.append(b64u(plain[at : at + size]))
        at += size
    for attachment in _attachments(told):
        data = attachment["data"]
        if isinstance(data, str) and data.startswith(_MARK):
            if not data[1:].isascii() or not data[1:].isdigit() or int(data[1:]) >= len(names):
                raise NotPacked("no such file")
            attachment["data"] = names[int(data[1:])]
    return told


def _plain(contents: Contents) -> Packed:
    text = contents.model_dump_json().encode()
    return Packed(len(text), text, ())


def _loaded(text: bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError as deep:
        raise NotPacked("too deep") from deep


def _files_of(contents: Contents) -> tuple[Attachment, ...]:
    """The page first, then the materials."""
    return (contents.page, *contents.materials) if isinstance(contents, Application | Amended) else ()


def _file(attachment: Attachment, files: Mapping[str, bytes | Path]) -> bytes | Path | None:
    """Its bytes, or where they lie; None when `data` is no base64url of ours. Raises ValueError: it is not there."""
    if attachment.data:
        return _decoded(attachment.data)
    if attachment.sha256 in files:
        return files[attachment.sha256]
    if attachment.sha256 == _EMPTY:
        return b""
    raise ValueError("an attachment's file was not given")


def _attachments(told: Any) -> Iterator[dict[str, Any]]:
    """Where `wire.letters` has them: the page, then the materials."""
    if not isinstance(told, dict):
        return
    materials = told.get("materials")
    for found in (told.get("page"), *(materials if isinstance(materials, list) else ())):
        if isinstance(found, dict) and Attachment.model_fields.keys() == found.keys():
            yield found


def _decoded(data: str) -> bytes | None:
    """None unless `data` is what `b64u` makes of these bytes, and of no others."""
    try:
        decoded = _BASE64.validate_strings(data) if data.isascii() else None
    except ValidationError:
        return None
    if decoded is None or len(data) != -(-len(decoded) * 4 // 3):
        return None
    # The last character holds spare bits, and padding may be left out: only the end can be written in two ways.
    tail = len(decoded) % 3 or 3
    return decoded if data.endswith(b64u(decoded[-tail:])) else None
