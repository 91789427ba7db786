"""How far an item has come, whichever journey does it: may it be left for home, is the terminal at work, is it done."""

from kiosk.journeys import apply, cases, collect, prove

Inner = prove.Prove | apply.Apply | collect.Collect | cases.Cases


def may_go_home(inner: Inner | None) -> bool:
    """Whether the item has come to an end that leaves nothing running."""
    match inner:
        case prove.Prove(phase=phase):
            return phase in (prove.Phase.DONE, prove.Phase.FAILED)
        case apply.Apply(phase=phase):
            return phase in (apply.Phase.DONE, apply.Phase.FAILED, apply.Phase.REFUSED)
        case collect.Collect(phase=phase):
            return phase in (
                collect.Phase.DONE,
                collect.Phase.NOTHING,
                collect.Phase.FAILED,
                collect.Phase.STILL_INSIDE,
            )
        case cases.Cases(phase=phase):
            return phase is not cases.Phase.ASKING
        case None:
            return True


def is_busy(inner: Inner | None) -> bool:
    """Whether the terminal is at work for the person, who may well stand still."""
    match inner:
        case prove.Prove(phase=phase):
            return phase in (
                prove.Phase.FETCHING,
                prove.Phase.MAKING,
                prove.Phase.PRINTING,
                prove.Phase.GIVING_UP,
                prove.Phase.SLIP,
            )
        case apply.Apply(phase=phase):
            return phase in (apply.Phase.LOOKING, apply.Phase.MAKING, apply.Phase.SUBMITTING, apply.Phase.SLIP)
        case collect.Collect(phase=phase):
            return phase in (collect.Phase.MATCHING, collect.Phase.OPENING)
        case cases.Cases(phase=phase):
            return phase is cases.Phase.ASKING
        case None:
            return False


def done(inner: Inner | None) -> str:
    """The number of what was done, when the item has come to its good end."""
    match inner:
        case prove.Prove(phase=prove.Phase.DONE, serial=serial):
            return serial
        case apply.Apply(phase=apply.Phase.DONE, case=case, amends=None):  # a case is rated once, when it was begun
            return case
        case collect.Collect(phase=collect.Phase.DONE, ticket=ticket) if ticket is not None:
            return ticket.ticket
        case _:
            return ""
