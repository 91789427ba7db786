"""What becomes of a case: its events, what it asks for, what was supplied, its notices; and the jobs of workers."""

from typing import Any

import sqlalchemy as sa

from central.store.tables import METADATA, UtcTime


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(120), primary_key=True)


def _word(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(120), nullable=False, default=default)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcTime(), nullable=nullable)


case_events = sa.Table(
    "case_events",  # only ever added; the case's row says where that led
    METADATA,
    _key("region"),
    _key("case"),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    _time("at"),
    _word("who"),  # a login, "rule", "clock", "citizen"
    _word("what"),  # central.rules.progress.CaseMove or CaseNews
    _word("before"),
    _word("after"),
    sa.Column("revision", sa.BigInteger, nullable=False),  # of the case, afterwards
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),  # words and times, nothing of a person
    sa.Column("note", sa.LargeBinary),  # sealed by the case's key
    sa.Index("case_events_by_who", "who", "at"),
)

case_asks = sa.Table(
    "case_asks",  # what a case needs from its citizen; open while `met` is NULL
    METADATA,
    _key("region"),
    _key("case"),
    sa.Column("event", sa.Integer, primary_key=True, autoincrement=False),  # that asked for it
    _key("what"),
    sa.Column("is_field", sa.Boolean, nullable=False),
    _word("reason"),
    sa.Column("here", sa.Boolean, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # in the order in which they were asked for
    sa.Column("met", sa.Integer),  # number of the event that ended it
)

supplements = sa.Table(
    "supplements",  # what citizens sent for a case that is there, applied or held for a person
    METADATA,
    _key("region"),  # of the letter
    _key("letter"),
    _word("case_region"),
    _word("case"),
    _word("terminal"),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),  # that the citizen saw
    sa.Column("event", sa.Integer),  # that it became; NULL while held
    sa.Column("held", sa.String(120), nullable=False, default=""),  # why a person must look
    sa.Column("first_part", sa.Integer, nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("flags", sa.JSON, nullable=False),
    sa.Column("consents", sa.JSON, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # person and answers as sent, by the case's key
    _word("language"),
    _time("submitted_at"),
    _time("received_at"),
    sa.Index("supplements_by_case", "case_region", "case"),
)

early_letters = sa.Table(
    "early_letters",  # about a case that has not come yet
    METADATA,
    _key("region"),
    _key("letter"),
    _word("case"),
    _time("since"),
    sa.Column("given_up", sa.Boolean, nullable=False, default=False),
    sa.Index("early_letters_by_case", "case"),
)

case_tickets = sa.Table(
    "case_tickets",  # what of a case lies, or lay, in a compartment
    METADATA,
    _key("region"),  # of the case
    _key("case"),
    _key("ticket"),
    _word("ticket_region"),
    _word("terminal"),
    sa.Column("door", sa.Integer, nullable=False),
    _time("since"),
    _time("ended", nullable=True),
    sa.Index("case_tickets_by_ticket", "ticket_region", "ticket"),
)

handed_on = sa.Table(
    "handed_on",  # cases that a department's system has, or would not have
    METADATA,
    _key("region"),
    _key("case"),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),  # from 1; once more after it was put right
    sa.Column("as_of", sa.Integer, nullable=False),  # the event by which the case got what was handed on; 0: as it came
    _word("system"),
    _word("reference"),
    _word("standing"),  # central.connectors.department.Standing, or "not_taken"
    _time("since"),
    _time("next_at", nullable=True),  # to ask how it stands; NULL once that is known for good
    sa.Index("handed_on_by_reference", "system", "reference"),
    sa.Index("handed_on_by_time", "next_at"),
)

notices = sa.Table(
    "notices",  # to citizens, at most one per event and kind
    METADATA,
    _key("region"),
    _key("id"),  # the idempotency key that the gateway is given
    _word("case"),
    sa.Column("event", sa.Integer, nullable=False),
    _word("kind"),
    _word("state"),  # central.rules.notices.NoticeState
    sa.Column("sealed", sa.LargeBinary),  # phone and words, by the case's key; NULL once it has ended
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    _time("next_at", nullable=True),
    _time("made_at"),
    _time("ended_at", nullable=True),
    _word("answer", ""),
    sa.Index("notices_by_state", "state", "next_at"),
    sa.Index("notices_by_case", "region", "case"),
)

jobs = sa.Table(
    "jobs",  # one row per job: which worker has it until when
    METADATA,
    _key("name"),
    _word("holder"),
    _time("until"),
    _time("ran_at", nullable=True),
    _word("outcome", ""),
)

outages = sa.Table(
    "outages",  # items whose department does not answer: terminals do not offer them meanwhile
    METADATA,
    _key("item"),
    _word("reason"),
    _time("since"),
)
