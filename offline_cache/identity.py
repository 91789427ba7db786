"""Who this terminal is: region, site, name and first keys, as central answered at enrolment; and its own key."""

import enum
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from trust.files import write_private
from trust.keys import USE_ACK, KeyFileBroken, KeyRing, SigningKey
from trust.sealing import can_seal_to
from wire.canonical import canonical
from wire.messages import EnrolAnswer, PublicKey

IDENTITY_FILE = "identity.json"
KEY_FILE = "terminal.key"


class IdentityFault(enum.StrEnum):
    """Why the terminal does not know who it is."""

    MISSING = "identity.missing"  # never enrolled
    DAMAGED = "identity.damaged"  # a file is there and cannot be read


@dataclass(frozen=True)
class Identity:
    """Who, and by which keys. `key` signs; `keys` are trusted until a mirror brings newer ones."""

    region: str
    site: str
    terminal: str
    keys: tuple[PublicKey, ...]
    key: SigningKey = field(repr=False)

    @classmethod
    def of(cls, answer: EnrolAnswer, key: SigningKey) -> "Identity":
        return cls(answer.region, answer.site, answer.terminal, answer.keys, key)

    @classmethod
    def load(cls, folder: Path) -> "Identity | IdentityFault":
        try:
            answer = EnrolAnswer.model_validate_json((folder / IDENTITY_FILE).read_bytes())
            key = SigningKey.load(folder / KEY_FILE)
        except FileNotFoundError:
            return IdentityFault.MISSING
        except (OSError, ValidationError, KeyFileBroken):
            return IdentityFault.DAMAGED
        return cls.of(answer, key) if is_enough(answer.keys) else IdentityFault.DAMAGED

    def save(self, folder: Path) -> None:
        """Both files mode 0600, the key first: an identity without its key is no identity. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.key.save(folder / KEY_FILE)
        answer = EnrolAnswer(region=self.region, site=self.site, terminal=self.terminal, keys=self.keys)
        write_private(folder / IDENTITY_FILE, canonical(answer.model_dump(mode="json")))


def is_enough(keys: tuple[PublicKey, ...]) -> bool:
    """Whether a terminal can work with these: something to seal to, and something to believe."""
    ring = KeyRing(keys)
    return any(ring.knows(USE_ACK, key.kid) for key in keys) and any(map(can_seal_to, keys))
