"""The environment for programs that run beside ours."""

import os
import sys


def surroundings() -> dict[str, str]:
    """Our own, without what a frozen program was given to find its own libraries: another program has others."""
    given = dict(os.environ)
    if getattr(sys, "frozen", False):
        before = given.pop("LD_LIBRARY_PATH_ORIG", None)
        given.pop("LD_LIBRARY_PATH", None)
        if before is not None:
            given["LD_LIBRARY_PATH"] = before
    return given
