"""What central tells a terminal to remember: its tickets, the keys it trusts, what is closed."""

from central.rules.letters import Sender
from central.store import jobs, terminals, tickets
from central.wiring import Central
from wire.messages import Mirror, SignedMirror

_NO_VERSION = 2**53
"""No terminal of ours can have come to such a version."""


def mirror(central: Central, sender: Sender, have: int) -> SignedMirror | None:
    """The terminal's newest mirror, signed; None when that is version `have`. Raises StoreUnavailable.

    A terminal that has a newer one than there is has outlived a restored backup: ours is then given the next number, or
    the terminal would refuse it as old until central had caught up. So is a mirror that the backup brought back to
    before a key's announcement.
    """
    if have >= _NO_VERSION:
        have = 0
    with central.database.reading() as connection:
        row = terminals.find(connection, sender.region, sender.terminal)
    least = central.keys.mark()
    if row is not None and (have > row.mirror_version or row.mirror_version < least):
        with central.database.writing() as connection:
            terminals.mirror_outlived(connection, sender.region, sender.terminal, max(have, least - 1))
            row = terminals.find(connection, sender.region, sender.terminal)
    if row is None or row.mirror_version == have:
        return None
    with central.database.reading() as connection:
        listed = tickets.open_at(connection, sender.region, sender.terminal)
        away = jobs.items_away(connection)
    return central.keys.sign_mirror(
        Mirror(
            version=row.mirror_version,
            as_of=central.now(),
            terminal=row.terminal,
            tag_salt=row.tag_salt,
            tickets=listed,
            keys=central.keys.public(),
            notices_zh=row.notices_zh,
            notices_en=row.notices_en,
            closed_items={**away, **row.closed_items},
        ),
        have=have,
        enrolled_at=row.enrolled_at,
    )
