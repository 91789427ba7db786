"""An OpenID provider of the tests' own, on loopback: real tokens, signed with a key of its own."""

import base64
import hashlib
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey


class FakeProvider:
    """Knows one client; hands out one code for each asking. `changed` alters the claims of the next tokens."""

    client, secret = "nuanting", "between the two"

    def __init__(self) -> None:
        self.url = ""
        self.key = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
        self.published = [self.key]
        self.changed: dict[str, Any] = {}
        self.alg = "ES256"
        self.now = 0
        self.issuer = ""
        self.down = False
        self._codes: dict[str, dict[str, str]] = {}

    def visit(self, url: str) -> dict[str, str]:
        """What a browser brings back after somebody signed in there: state and code."""
        told = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        assert told["response_type"] == "code"
        assert told["code_challenge_method"] == "S256"
        assert "openid" in told["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = told
        return {"state": told["state"], "code": code}

    def token(self, asked: dict[str, str]) -> str:
        claims = {
            "iss": self.url,
            "aud": self.client,
            "sub": "u-1",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            "name": "林 审核",
            "roles": ["nuanting-review", "something-else"],
        }
        claims.update(self.changed)
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.alg == "none":
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
            body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
            return f"{head}.{body}."
        if self.alg == "HS256":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.secret * 3), algorithms=["HS256"])
        return jwt.encode({"alg": self.alg, "kid": str(self.key.kid)}, claims, self.key)

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or form.get("client_secret") != self.secret
            or form.get("redirect_uri") != asked["redirect_uri"]
            or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked)}

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/keys":
            return 200, dict(KeySet(list(self.published)).as_dict(private=False))
        return self.exchange(form) if path == "/token" else (404, {})


@contextmanager
def serving_provider() -> Iterator[FakeProvider]:
    provider = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            return

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            status, told = provider.answer(self.path, dict(urllib.parse.parse_qsl(body)))
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET  # noqa: N815 - the names http.server calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.block_on_close = False
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
