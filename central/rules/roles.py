"""Who of the staff may do what: roles, permissions and the matrix between them. Pure.

Least rights, and three powers kept apart (三员分立, GB/T 22239—2019 level 3): who runs the work, who lets people in,
and who reads what they did are never the same person. The administrator manages staff and opens no case; the auditor
reads the audit and nothing else.
"""

import enum
from collections.abc import Collection, Mapping
from types import MappingProxyType


class Role(enum.StrEnum):
    """What somebody is at central. One person may have several, but see `powers_clash`."""

    INTAKE = "intake"  # 收件: the counter; receives and checks, does not decide (收受分离)
    REVIEWER = "reviewer"  # 审核: decides
    AGENT = "agent"  # 帮办: helps people at terminals from afar
    TECHNICIAN = "technician"  # 运维: keeps terminals alive; sees nobody's case
    CATALOGUE = "catalogue"  # 事项: writes and publishes services
    AUDITOR = "auditor"  # 审计: reads what the others did
    ADMIN = "admin"  # 管理: lets staff in and out


class Permission(enum.StrEnum):
    """One thing that a route may ask for."""

    SEE_QUEUE = "see_queue"
    OPEN_CASE = "open_case"
    SEE_FILES = "see_files"
    CHECK_CASE = "check_case"  # check, return, accept, accept with gaps, ask, extend, receive at the counter
    DECIDE_CASE = "decide_case"  # approve, refuse
    DELIVER = "deliver"  # make ready, close, take back
    SEARCH_PERSON = "search_person"
    SEE_TERMINALS = "see_terminals"
    MANAGE_TERMINALS = "manage_terminals"  # enrolment codes, withdrawal, notices
    MANAGE_TICKETS = "manage_tickets"
    SEE_LETTERS = "see_letters"  # those in trouble: ids, sizes and words, never contents
    SOLVE_LETTERS = "solve_letters"
    PUBLISH_CATALOGUE = "publish_catalogue"
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    EXPORT_PERSON = "export_person"  # everything about one person
    SEE_FIGURES = "see_figures"


_P = Permission

MATRIX: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.INTAKE: frozenset(
            {
                _P.SEE_QUEUE,
                _P.OPEN_CASE,
                _P.SEE_FILES,
                _P.CHECK_CASE,
                _P.DELIVER,
                _P.SEARCH_PERSON,
                _P.MANAGE_TICKETS,
                _P.SEE_TERMINALS,
            }
        ),
        Role.REVIEWER: frozenset(
            {
                _P.SEE_QUEUE,
                _P.OPEN_CASE,
                _P.SEE_FILES,
                _P.CHECK_CASE,
                _P.DECIDE_CASE,
                _P.SEARCH_PERSON,
                _P.EXPORT_PERSON,
                _P.SEE_LETTERS,
                _P.SEE_FIGURES,
            }
        ),
        Role.AGENT: frozenset({_P.SEE_TERMINALS}),
        Role.TECHNICIAN: frozenset(
            {_P.SEE_TERMINALS, _P.MANAGE_TERMINALS, _P.SEE_LETTERS, _P.SOLVE_LETTERS, _P.SEE_FIGURES}
        ),
        Role.CATALOGUE: frozenset({_P.PUBLISH_CATALOGUE, _P.SEE_FIGURES}),
        Role.AUDITOR: frozenset({_P.SEE_AUDIT}),
        Role.ADMIN: frozenset({_P.MANAGE_STAFF}),
    }
)

APART = frozenset({Role.ADMIN, Role.AUDITOR})
"""Powers that stand alone: whoever has one of them has no other role."""

EVERYWHERE = "*"
"""In a person's regions: all of them."""


def allowed(roles: Collection[Role], permission: Permission) -> bool:
    """Whether any of these roles gives the permission."""
    return any(permission in MATRIX[role] for role in roles)


def powers_clash(roles: Collection[Role]) -> bool:
    """Whether these roles must not be one person's."""
    return len(set(roles)) > 1 and bool(APART & set(roles))


def may_in(regions: Collection[str], region: str) -> bool:
    """Whether somebody with these regions works in that one."""
    return EVERYWHERE in regions or region in regions


def may_see(regions: Collection[str], region: str, queue: str) -> bool:
    """Whether a case is for somebody with these regions: it came in at one of them, or lies in the queue of one.

    In SQL: `central.store.cases.within`.
    """
    return may_in(regions, region) or may_in(regions, queue)
