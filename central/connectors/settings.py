"""`departments.yaml` in central's folder: which systems of others central speaks to. Without it, demonstrations only.

    notices:                      # where notices to citizens go
      url: https://sms.example/send
      token_file: /etc/nuanting/sms.token
    departments:                  # by the name that an item's `record` gives
      social-insurance:
        url: https://example/v1
        token_file: /etc/nuanting/insurance.token
        secret_file: /etc/nuanting/insurance.secret      # signs our requests
        callback_file: /etc/nuanting/insurance.callback  # signs theirs
        timeout_s: 10

Secrets stand in files of their own, readable by central alone. A mistake stops central at start: a department that
was meant to be real is never replaced by made-up answers.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalogue.source import BadSource, read
from central.connectors.demo import DemoConnector
from central.connectors.department import Department
from central.connectors.http import HttpDepartment
from central.connectors.notices import DemoSink, NoticeSender
from central.connectors.sms import HttpSmsGateway
from central.connectors.web import Endpoint

FILE = "departments.yaml"
DEMONSTRATIONS = frozenset({"social-insurance"})
"""Departments that are made up unless the file names them."""


class BadDepartments(Exception):
    """The file, or one that it names, cannot be used; the text says why, without a secret."""


class _System(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str
    token_file: Path | None = None
    secret_file: Path | None = None
    callback_file: Path | None = None
    timeout_s: Annotated[int, Field(ge=1, le=60)] = 10


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    notices: _System | None = None
    departments: dict[str, _System] = {}


@dataclass(frozen=True)
class Systems:
    notices: NoticeSender
    departments: Mapping[str, Department]


def load_systems(folder: Path, now: Callable[[], dt.datetime]) -> Systems:
    """The systems that the folder's file names, demonstrations for the rest. Raises BadDepartments."""
    path = folder / FILE
    told = _read(path) if path.exists() else _File()
    departments: dict[str, Department] = {name: DemoConnector(now) for name in DEMONSTRATIONS}
    for name, system in told.departments.items():
        callback = _secret(system.callback_file).encode()
        departments[name] = HttpDepartment(name, _endpoint(name, system), now, callback)
    notices: NoticeSender = DemoSink()
    if told.notices is not None:
        notices = HttpSmsGateway(_endpoint("notices", told.notices), now)
    return Systems(notices, departments)


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(read(path).value or {})
    except BadSource as bad:
        raise BadDepartments(str(bad)) from None
    except ValidationError as wrong:
        places = (".".join(map(str, each["loc"])) + ": " + each["msg"] for each in wrong.errors(include_url=False))
        raise BadDepartments(f"{FILE}: {'; '.join(places)}") from None


def _endpoint(name: str, system: _System) -> Endpoint:
    try:
        secret = _secret(system.secret_file).encode()
        return Endpoint(system.url, _secret(system.token_file), secret, float(system.timeout_s))
    except ValueError as wrong:
        raise BadDepartments(f"{FILE}: {name}: {wrong}") from None


def _secret(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BadDepartments(f"{FILE}: {path} cannot be read") from None
    if not text:
        raise BadDepartments(f"{FILE}: {path} is empty")
    return text
