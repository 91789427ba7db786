"""Tags that stand for a person's number or a pickup code on a mirrored ticket.

A stolen terminal holds tags, not numbers. Numbers are guessable (about 10^9 likely ones), so the function is slow on
purpose: scrypt with n=2**14, r=8, p=1 (16 MiB, some 40 ms), salted per terminal by the mirror. That slows a search
down; it does not end one, and the ticket tells nothing else about the person.
"""

import hashlib

from wire.canonical import b64u

_N, _R, _P = 2**14, 8, 1
_MEMORY = 64 * 1024 * 1024


def _tag(purpose: str, value: str, salt: str) -> str:
    digest = hashlib.scrypt(
        f"{purpose}\0{value}".encode(), salt=salt.encode(), n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32
    )
    return b64u(digest)


class ScryptTags:
    """The terminal's and central's one way to make tags. Stateless."""

    def holder(self, number: str, salt: str) -> str:
        """Of an identity number; spaces and case do not matter."""
        return _tag("holder", "".join(number.split()).upper(), salt)

    def code(self, code: str, salt: str) -> str:
        """Of a pickup code; spaces, hyphens and case do not matter."""
        return _tag("code", "".join(code.replace("-", " ").split()).upper(), salt)
