"""Made-up staff of the demo's central, and what each types at the door of the staff desk."""

import secrets
from dataclasses import dataclass, field

import pyotp

from central.jobs.staff import add_staff
from central.rules.roles import EVERYWHERE, Role
from central.wiring import Central

MADE_UP = (
    ("shouli", "演示受理 Intake", Role.INTAKE),
    ("shenhe", "演示审核 Reviewer", Role.REVIEWER),
    ("jishu", "演示运维 Technician", Role.TECHNICIAN),
    ("shenji", "演示审计 Auditor", Role.AUDITOR),
    ("guanli", "演示管理 Administrator", Role.ADMIN),
)


@dataclass(frozen=True)
class MadeUpStaff:
    """Somebody who may sign in. The password is drawn anew for each demo."""

    login: str
    what: str
    password: str = field(repr=False)
    uri: str = field(repr=False)

    def code(self) -> str:
        """The six digits of this half minute; each is taken once."""
        made = pyotp.parse_uri(self.uri)
        if not isinstance(made, pyotp.TOTP):
            raise TypeError("not a code of the time")
        return made.now()


def let_in(central: Central) -> tuple[MadeUpStaff, ...]:
    """Add them to a central that is the demo's own."""
    made = []
    for login, what, role in MADE_UP:
        password = f"yanshi-{secrets.token_hex(4)}"
        made.append(MadeUpStaff(login, what, password, add_staff(central, login, what, [role], [EVERYWHERE], password)))
    return tuple(made)
