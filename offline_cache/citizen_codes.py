"""Citizens' codes, read and judged without the network: `kiosk.ports.Codes`."""

import datetime as dt
from collections.abc import Callable
from typing import assert_never

from trust.keys import USE_CODE, KeyRing
from trust.tokens import TokenFault, read
from wire.tokens import CodeFault, IdCode

SKEW = dt.timedelta(minutes=5)
"""How far the clocks of a terminal and of central may differ."""


class CitizenCodes:
    """Believes codes signed by a key of use "sign.code". `keyring` is asked each time: mirrors bring new keys."""

    def __init__(self, keyring: Callable[[], KeyRing]) -> None:
        self._keyring = keyring

    def check(self, text: str, now: dt.datetime) -> IdCode | CodeFault:
        """Signature and dates; whether it was used before is the store's to say (`first_use`)."""
        payload = read(text, self._keyring(), USE_CODE, now)
        if isinstance(payload, TokenFault):
            return _fault(payload)
        if not isinstance(payload, IdCode):
            return CodeFault.FOREIGN  # ours, but a receipt or a proof
        if payload.issued > now + SKEW:
            return CodeFault.NOT_YET
        return CodeFault.EXPIRED if payload.expires <= now - SKEW else payload


def _fault(fault: TokenFault) -> CodeFault:
    match fault:
        case TokenFault.FOREIGN | TokenFault.UNKNOWN_KEY | TokenFault.WRONG_KIND:
            return CodeFault.FOREIGN
        case TokenFault.TOO_LONG | TokenFault.DAMAGED | TokenFault.BAD_SIGNATURE:
            return CodeFault.DAMAGED
    assert_never(fault)
