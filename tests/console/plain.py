"""Somebody of the staff without a browser: cookie and proof of his session, pages as text."""

import html
import re
from collections.abc import Mapping, Sequence

import httpx2

from central.jobs.staff import Session
from tests.central.people import begin
from tests.console.world import Desk


class Plain:
    """One person's requests, and the forms of the pages that he gets."""

    def __init__(self, desk: Desk, client: httpx2.Client, login: str, lang: str = "zh") -> None:
        self.session: Session = begin(desk.central, login)
        self._client = client
        self._cookie = f"nuanting_session={self.session.token}; lang={lang}"

    def ask(self, method: str, path: str, **told: object) -> httpx2.Response:
        headers = {"Cookie": self._cookie, "Accept": "text/html"}
        return self._client.request(method, path, headers=headers, follow_redirects=False, **told)  # type: ignore[arg-type]

    def get(self, path: str) -> httpx2.Response:
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, object]) -> httpx2.Response:
        return self.ask("POST", path, data={"csrf": self.session.csrf, **fields})


def words_of(page: httpx2.Response) -> str:
    """What a person reads of the page."""
    plain = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


def hidden_of(page: httpx2.Response, action: str, having: str = "") -> dict[str, Sequence[str]]:
    """The hidden fields of the form with this action (and this text in it), to be sent again."""
    forms = re.findall(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page.text, flags=re.DOTALL)
    (form,) = [each for each in forms if having in each]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return {name: values for name, values in found.items() if name != "csrf"}
