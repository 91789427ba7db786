"""Who this terminal is: region, site, name and first keys, as central answered at enrolment; and its own key."""

import enum
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from offline_cache import own_key
from offline_cache.own_key import KEY_FILE as KEY_FILE
from offline_cache.own_key import TPM_FILE, OwnKey
from trust.files import write_private
from trust.keys import USE_ACK, KeyFileBroken, KeyRing, KeyUnavailable, SigningKey
from trust.sealing import can_seal_to
from trust.tpm import Opener, TpmFault, opener
from wire.canonical import canonical
from wire.messages import EnrolAnswer, PublicKey

IDENTITY_FILE = "identity.json"

USUAL_TPM = opener()


class IdentityFault(enum.StrEnum):
    """Why the terminal does not know who it is."""

    MISSING = "identity.missing"  # never enrolled
    DAMAGED = "identity.damaged"  # a file is there and cannot be read
    # From here on the key is in the chip, and the chip does not work with it; nothing takes its place.
    TPM_ABSENT = TpmFault.ABSENT.value
    TPM_NO_RIGHTS = TpmFault.NO_RIGHTS.value
    TPM_BUSY = TpmFault.BUSY.value
    TPM_LOCKED = TpmFault.LOCKED.value
    TPM_OWNED = TpmFault.OWNED.value
    TPM_OTHER = TpmFault.OTHER.value
    TPM_UNSUITED = TpmFault.UNSUITED.value
    TPM_BROKEN = TpmFault.BROKEN.value

    @property
    def of_the_key(self) -> bool:
        """Whether the terminal is enrolled and only its key cannot be used."""
        return self not in (IdentityFault.MISSING, IdentityFault.DAMAGED)


@dataclass(frozen=True)
class Identity:
    """Who, and by which keys. `key` signs; `keys` are trusted until a mirror brings newer ones."""

    region: str
    site: str
    terminal: str
    keys: tuple[PublicKey, ...]
    key: OwnKey = field(repr=False)

    @classmethod
    def of(cls, answer: EnrolAnswer, key: OwnKey) -> "Identity":
        return cls(answer.region, answer.site, answer.terminal, answer.keys, key)

    @classmethod
    def load(cls, folder: Path, tpm: Opener = USUAL_TPM) -> "Identity | IdentityFault":
        """Read the files; a key in the chip is tried there, which opens the chip."""
        try:
            answer = EnrolAnswer.model_validate_json((folder / IDENTITY_FILE).read_bytes())
            key = own_key.load(folder, tpm)
        except FileNotFoundError:
            return IdentityFault.MISSING
        except (OSError, ValidationError, KeyFileBroken):
            return IdentityFault.DAMAGED
        except KeyUnavailable as unavailable:
            return IdentityFault(unavailable.fault)
        return cls.of(answer, key) if is_enough(answer.keys) else IdentityFault.DAMAGED

    def save(self, folder: Path) -> None:
        """Both files mode 0600, the key first: an identity without its key is no identity. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.key.save(folder / (KEY_FILE if isinstance(self.key, SigningKey) else TPM_FILE))
        answer = EnrolAnswer(region=self.region, site=self.site, terminal=self.terminal, keys=self.keys)
        write_private(folder / IDENTITY_FILE, canonical(answer.model_dump(mode="json")))


def is_enough(keys: tuple[PublicKey, ...]) -> bool:
    """Whether a terminal can work with these: something to seal to, and something to believe."""
    ring = KeyRing(keys)
    return any(ring.knows(USE_ACK, key.kid) for key in keys) and any(map(can_seal_to, keys))
