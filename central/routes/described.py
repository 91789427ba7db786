"""What the API's routes take and answer, in words of OpenAPI: bodies are read and verified before they are parsed.

`described(...)` gives the arguments for a route; `openapi_of` puts the whole together. The document holds no secret and
is published at /openapi.json.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

By = Literal["terminal", "staff", "department", "nobody"]

_SCHEMES = {
    "terminal": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "HTTP Message Signatures (RFC 9421) by the key that the terminal was enrolled with, with "
        "Signature-Input and Content-Digest (RFC 9530). Covered: @method, @path, @query, content-digest, and "
        "upload-offset and letter-header where there are any; parameters created, nonce, keyid, alg "
        "ecdsa-p256-sha256, tag nuanting-v1. Believed once, for fifteen minutes.",
    },
    "staff": {
        "type": "apiKey",
        "in": "cookie",
        "name": "nuanting_session",
        "description": "A session of the staff, named __Host-nuanting_session over TLS. A change carries the session's "
        "`csrf` in X-CSRF-Token as well.",
    },
    "department": {
        "type": "apiKey",
        "in": "header",
        "name": "Nuanting-Signature",
        "description": "Hex of HMAC-SHA-256 over Nuanting-Time (seconds since 1970), a full stop and the body, by the "
        "secret that this department shares with central. Believed for five minutes; telling twice changes nothing.",
    },
}

_SAYS = {
    400: "The request was cut off, or says a length that is none.",
    401: "Nobody that central knows: unsigned, stale, replayed, unknown, or not signed in.",
    403: "Somebody who may not: withdrawn, without the right, asked by another page, a code that is none.",
    404: "There is no such thing.",
    405: "Not by this method.",
    408: "The body took too long to arrive.",
    409: "Not at this place of the body: Upload-Offset says how much is held.",
    411: "A form without a length.",
    413: "More than is taken.",
    422: "Not the message that is due.",
    429: "Too often.",
    500: "A mistake of central's.",
    503: "Central cannot now; Retry-After says when to ask again.",
}

_BY: Mapping[By, tuple[int, ...]] = {
    "terminal": (400, 401, 403, 408, 413, 422, 503),
    "staff": (400, 401, 403, 408, 411, 413, 422, 503),
    "department": (400, 401, 403, 404, 408, 413, 503),
    "nobody": (503,),
}

_BODIES: dict[str, type[BaseModel]] = {}
"""Messages that routes read for themselves, by name."""

OFFSET_HEADER = {
    "Upload-Offset": {"description": "Bytes that are held.", "required": True, "schema": {"type": "integer"}}
}
OFFSET = {
    "name": "Upload-Offset",
    "in": "header",
    "required": True,
    "description": "Where this piece begins.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 64 * 1024 * 1024},
}
HEADER = {
    "name": "Letter-Header",
    "in": "header",
    "required": True,
    "description": "base64url of the canonical JSON of the letter's LetterHeader.",
    "schema": {"type": "string", "maxLength": 4096, "pattern": "^[A-Za-z0-9_-]+$"},
}
HAVE = {
    "name": "have",
    "in": "query",
    "required": False,
    "description": "The version that the terminal has.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 2**59},
}
SETTINGS = {
    "name": "settings",
    "in": "query",
    "required": False,
    "description": "1: the terminal knows `settings.toml`, and gets it; left out, the edition comes without it.",
    "schema": {"type": "integer", "enum": [0, 1]},
}
EDITION = {
    "Catalogue-Edition": {
        "description": "The newest edition of the catalogue, 0 when there is none: `/v1/catalogue` hands it out.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }
}
CSRF = {
    "name": "X-CSRF-Token",
    "in": "header",
    "required": True,
    "description": "The session's `csrf`.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}


class Health(BaseModel):
    """How central is, and how many letters wait to be opened."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["ok"]
    unopened: int


class Refused(BaseModel):
    """Why there is no answer: one word."""

    model_config = ConfigDict(extra="forbid")

    error: str


def described(
    by: By,
    answer: type[BaseModel] | None = None,
    *,
    takes: type[BaseModel] | Literal["bytes"] | None = None,
    or_bytes: str = "",
    parameters: Sequence[Mapping[str, Any]] = (),
    also: Mapping[int, Mapping[str, Any]] | None = None,
    refusals: Sequence[int] = (),
) -> dict[str, Any]:
    """The arguments `responses` and `openapi_extra` of a route.

    `or_bytes`: what bytes mean, where they are taken as well as a message; `answer`: what 200 carries; `also`: other
    answers; `refusals`: statuses of `Refused` beside those that `by` brings.
    """
    responses: dict[int | str, dict[str, Any]] = {
        status: {"model": Refused, "description": _SAYS[status]} for status in sorted({*_BY[by], *refusals})
    }
    if answer is not None:
        responses[200] = {"model": answer, "description": (answer.__doc__ or answer.__name__).split("\n")[0]}
    for status, more in (also or {}).items():
        responses[status] = {**responses.get(status, {}), **more}
    extra: dict[str, Any] = {"security": [] if by == "nobody" else [{by: []}]}
    if parameters:
        extra["parameters"] = [dict(each) for each in parameters]
    if takes == "bytes":
        schema: dict[str, Any] = {"type": "string", "format": "binary"}
        extra["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": schema}}}
    elif takes is not None:
        _BODIES[takes.__name__] = takes
        schema = {"$ref": f"#/components/schemas/{takes.__name__}"}
        content: dict[str, Any] = {"application/json": {"schema": schema}}
        if or_bytes:
            told = {"type": "string", "format": "binary", "description": or_bytes}
            content["application/octet-stream"] = {"schema": told}
        extra["requestBody"] = {"required": True, "content": content}
    return {"responses": responses, "openapi_extra": extra}


def openapi_of(title: str, version: str, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The whole document."""
    told = get_openapi(
        title=title,
        version=version,
        description="What terminals, and the staff's own programs, say to central. Every refusal is one word.",
        routes=routes,
        separate_input_output_schemas=False,
    )
    _, read = models_json_schema(
        [(model, "validation") for model in _BODIES.values()], ref_template="#/components/schemas/{model}"
    )
    components = told.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **read.get("$defs", {})}
    components["securitySchemes"] = _SCHEMES
    return told
