"""What central is told at start."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from central.connectors.oidc import OidcSettings
from trust.passwords import PasswordCost

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class CentralSettings:
    """Central's settings. `folder` holds the database, the keys and the large bodies, and belongs to central alone.

    `behind_proxy` says that something in front of central logs people in and ends TLS: only then may it listen
    elsewhere than on this machine. `database` is a PostgreSQL URL, "" for the SQLite file in `folder`. `blobs` is where
    large bodies go: s3://bucket/prefix (central.store.objects), "" for `folder`. `catalogue` is a folder of items,
    offices, reasons and notices: worked by until an edition is published (central.working).
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    behind_proxy: bool = False
    catalogue: Path | None = None
    database: str = field(default="", repr=False)  # may hold a password
    blobs: str = ""
    body_timeout_s: float = 60.0  # how long one request's body may take to arrive
    open_again_s: float = 5.0  # between looks for letters that another worker left, or that the disk refused to open
    keep_days: Mapping[str, int] = field(default_factory=dict)  # end state -> days, where shorter than the item's own
    keep_proofs_days: int = 730  # so long central knows whose a printed proof is
    oidc: OidcSettings | None = field(default=None, repr=False)  # the city's own identity provider
    metrics_token: str = field(default="", repr=False)  # shown by who asks for /metrics; needed behind a proxy
    password_cost: PasswordCost = field(default=PasswordCost())  # of the staff's passwords


def is_loopback(host: str) -> bool:
    """Whether `host` can only be reached from this machine."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
