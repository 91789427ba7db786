"""What `keys/keys.json` says: each of central's own keys, and how far it has come."""

import datetime as dt
from typing import Literal

from wire.messages import Message, PublicKey, Word

KeyState = Literal["announced", "in use", "former", "retired"]


class KeptKey(Message):
    """A key and how far it has come. The private half lies in `file`, beside `keys.json`."""

    use: Word
    file: Word
    public: PublicKey
    made_at: dt.datetime
    mark: int  # a terminal whose mirror has this version or a later one has the key
    told_at: dt.datetime | None = None  # when every mirror was made to say it
    used_at: dt.datetime | None = None
    not_after: dt.datetime | None = None
    retired_at: dt.datetime | None = None

    @property
    def kid(self) -> str:
        return self.public.kid

    @property
    def state(self) -> KeyState:
        if self.retired_at is not None:
            return "retired"
        if self.not_after is not None:
            return "former"
        return "announced" if self.used_at is None else "in use"

    def told(self) -> PublicKey:
        """As terminals are told of it."""
        return self.public.model_copy(update={"not_after": self.not_after})


class KeyBook(Message):
    """All keys that central ever had, oldest first. `to_tell`: the mirrors do not yet say what it says."""

    keys: tuple[KeptKey, ...]
    to_tell: bool = False

    def of(self, use: str, *states: KeyState) -> tuple[KeptKey, ...]:
        return tuple(key for key in self.keys if key.use == use and key.state in states)

    def mark(self) -> int:
        """The version that every mirror has at least, since the newest announcement."""
        return max(key.mark for key in self.keys if key.told_at is not None)

    def with_key(self, new: KeptKey, *, to_tell: bool) -> "KeyBook":
        """With this key in the place of the one of its name, or behind all others."""
        known = any(key.kid == new.kid for key in self.keys)
        keys = tuple(new if key.kid == new.kid else key for key in self.keys)
        return KeyBook(keys=keys if known else (*keys, new), to_tell=to_tell)
