"""What every twin has in common with the things around it: it is closed at the end of a `with`."""

from types import TracebackType
from typing import Self


class Closing:
    """Closed when its `with` ends, however it ends."""

    def close(self) -> None:
        """End every thread and let go of what is held."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
