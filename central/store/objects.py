"""Large bodies in an object store (S3 or what speaks like it), so that several machines share them.

A body is the pieces it came in: objects `<name>/<offset, twelve digits>`, one after another without a gap. There is no
end to announce and nothing to put together: a body is what lies without a gap from offset 0. What follows a gap is
left over from a cut, and is not part of it.
"""

import datetime as dt
import hashlib
import os
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from obstore.exceptions import BaseError
from obstore.store import S3Store

from central.store.bodies import checked
from central.store.database import StoreUnavailable

SCHEME = "s3://"
_TIMEOUT = "60s"
_RETRIES = 3
_DIGITS = 12
_OBJECT = re.compile(rf"(?P<name>[0-9a-f]{{64}})/(?P<offset>[0-9]{{{_DIGITS}}})")


class BadBlobsSetting(ValueError):
    """The setting, or the environment that belongs to it, does not name an object store; the text says why."""


@dataclass(frozen=True)
class _Piece:
    name: str
    offset: int
    size: int
    written: dt.datetime

    @property
    def path(self) -> str:
        return f"{self.name}/{self.offset:0{_DIGITS}}"

    @property
    def end(self) -> int:
        return self.offset + self.size


class Objects:
    """A BlobStore in one bucket, under one prefix."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def write_at(self, name: str, offset: int, data: bytes) -> bool:
        with _blamed():
            pieces = self._pieces(name)
            held = _whole(pieces)
            if sum(piece.size for piece in held) < offset:
                return False
            kept = [piece for piece in held if piece.end <= offset]
            cut = next((piece for piece in held if piece.offset < offset < piece.end), None)
            behind = [piece.path for piece in pieces if piece not in kept and piece != cut]
            if behind:  # before the new piece is there: else a cut here could join it to what lay behind
                self._store.delete(behind)
            if cut is not None:
                self._store.put(cut.path, self._get(cut)[: offset - cut.offset])
            self._store.put(f"{checked(name)}/{offset:0{_DIGITS}}", data)
        return True

    def read(self, name: str) -> bytes:
        with _blamed():
            pieces = _whole(self._pieces(name))
            if not pieces:
                raise StoreUnavailable("no such body")
            return b"".join(self._get(piece) for piece in pieces)

    def measure(self, name: str) -> tuple[int, str]:
        digest = hashlib.sha256()
        size = 0
        with _blamed():
            pieces = _whole(self._pieces(name))
            for piece in pieces:
                data = self._get(piece)
                digest.update(data)
                size += len(data)
        return (size, digest.hexdigest()) if pieces else (0, "")

    def remove(self, name: str) -> None:
        with _blamed():
            found = [piece.path for piece in self._pieces(name)]
            if found:
                self._store.delete(found)

    def names(self) -> Iterator[str]:
        return iter(dict.fromkeys(piece.name for piece in self._all("")))

    def idle(self, seconds: float) -> Iterator[str]:
        before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
        newest: dict[str, dt.datetime] = {}
        for piece in self._all(""):
            newest[piece.name] = max(newest.get(piece.name, piece.written), piece.written)
        return iter([name for name, written in newest.items() if written <= before])

    def _get(self, piece: _Piece) -> bytes:
        """A whole piece. Raises StoreUnavailable: half of one is no reason to refuse a letter for good."""
        data = bytes(self._store.get(piece.path).bytes())
        if len(data) != piece.size:
            raise StoreUnavailable("object store: a piece came with another size than is listed")
        return data

    def _pieces(self, name: str) -> list[_Piece]:
        """All objects of a body, by their offset."""
        return sorted(self._all(checked(name)), key=lambda piece: piece.offset)

    def _all(self, prefix: str) -> Iterator[_Piece]:
        with _blamed():
            for batch in self._store.list(prefix or None):
                for found in batch:
                    told = _OBJECT.fullmatch(found["path"])
                    if told is not None:
                        yield _Piece(told["name"], int(told["offset"]), found["size"], found["last_modified"])


def _whole(pieces: list[_Piece]) -> list[_Piece]:
    """Those that lie without a gap from offset 0."""
    held: list[_Piece] = []
    end = 0
    for piece in pieces:
        if piece.offset != end:
            break
        held.append(piece)
        end = piece.end
    return held


@contextmanager
def _blamed() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as world:  # obstore says "not found" as FileNotFoundError
        raise StoreUnavailable(f"object store: {type(world).__name__}") from world


def open_objects(url: str, environment: Mapping[str, str] = os.environ) -> Objects:
    """The object store that `s3://bucket/prefix` names.

    Who may write there, and where it is, comes from the environment as for every S3 program: AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL (for a store of one's own), and
    AWS_VIRTUAL_HOSTED_STYLE=true where it wants the bucket in its name. Raises BadBlobsSetting.
    """
    told = urllib.parse.urlsplit(url)
    if not url.startswith(SCHEME) or not told.netloc:
        raise BadBlobsSetting("s3://bucket/prefix is expected")
    endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or None
    named = {
        "access_key_id": environment.get("AWS_ACCESS_KEY_ID"),
        "secret_access_key": environment.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": environment.get("AWS_SESSION_TOKEN"),
        "endpoint": endpoint,
        "region": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1",
        "virtual_hosted_style_request": environment.get("AWS_VIRTUAL_HOSTED_STYLE"),
    }
    config = {key: value for key, value in named.items() if value}
    try:
        store = S3Store(
            told.netloc,
            prefix=told.path.strip("/") or None,
            config=config,  # type: ignore[arg-type]
            client_options={"allow_http": endpoint is not None and endpoint.startswith("http://"), "timeout": _TIMEOUT},
            retry_config={"max_retries": _RETRIES},
        )
    except BaseError as mistake:
        raise BadBlobsSetting(f"no object store can be made of this: {type(mistake).__name__}") from mistake
    return Objects(store)
