"""Whether a terminal's receipts follow one another."""

import itertools
from collections.abc import Sequence


def gaps(chain: Sequence[tuple[int, str, str]]) -> list[int]:
    """Counters of receipts whose predecessor is missing or another one. `chain`: (counter, sha256, previous), newest
    first; the oldest one that is given is believed unless it claims to be the first and names a predecessor."""
    found = []
    for (counter, _, previous), (before, sha256, _) in itertools.pairwise(chain):
        if before != counter - 1 or previous != sha256:
            found.append(counter)
    if chain and chain[-1][0] == 1 and chain[-1][2] != "0" * 64:
        found.append(1)
    return found
