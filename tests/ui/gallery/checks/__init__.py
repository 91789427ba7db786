"""One module per thing that may be wrong with a picture; each has `check(picture)`."""

from collections.abc import Callable

from tests.ui.gallery.checks import clipped, contrast, language, names, numbers, overlap, palette, touch
from tests.ui.gallery.picture import Finding, Picture

CHECKS: tuple[Callable[[Picture], list[Finding]], ...] = (
    clipped.check,
    overlap.check,
    contrast.check,
    touch.check,
    names.check,
    language.check,
    palette.check,
    numbers.check,
)


def examine(picture: Picture) -> list[Finding]:
    """Everything that is wrong with it."""
    return [finding for check in CHECKS for finding in check(picture)]
