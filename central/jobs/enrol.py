"""Letting a new terminal in."""

import logging
import secrets

from central.jobs.audit import note
from central.rules.enrolment import AdmitAgain, CodeRow, EnrolRefusal, code_hash, judge_code
from central.store import terminals
from central.wiring import Central
from trust.keys import USE_TERMINAL, KeyRing
from wire.messages import EnrolAnswer, EnrolRequest

LOG = logging.getLogger("central.enrol")


def enrol(central: Central, request: EnrolRequest) -> EnrolAnswer | EnrolRefusal:
    """Use a one-time code for one key. Raises StoreUnavailable."""
    now = central.now()
    public = request.key
    if public.use != USE_TERMINAL or not KeyRing((public,)).knows(USE_TERMINAL, public.kid):
        return EnrolRefusal.BAD_KEY
    digest = code_hash(request.code)
    with central.database.writing() as connection:
        verdict = judge_code(terminals.find_code(connection, digest), public.kid, now)
        if isinstance(verdict, EnrolRefusal):
            return verdict
        row = verdict.row
        if not isinstance(verdict, AdmitAgain):
            if terminals.key_taken(connection, public.kid, row.region, row.terminal):
                return EnrolRefusal.BAD_KEY
            if not terminals.use_code(connection, row.region, digest, public.kid):
                return EnrolRefusal.USED
            salt, version = secrets.token_urlsafe(24), central.keys.mark()
            terminals.admit(connection, row, public, request.level, salt, now, version=version)
            note(
                connection,
                central,
                f"terminal:{row.terminal}",
                "terminal.enrolled",
                row.terminal,
                region=row.region,
                kid=public.kid,
                level=request.level,
            )
    LOG.info("terminal %s of %s enrolled with key %s", row.terminal, row.region, public.kid)
    return _answer(central, row)


def _answer(central: Central, row: CodeRow) -> EnrolAnswer:
    return EnrolAnswer(region=row.region, site=row.site, terminal=row.terminal, keys=central.keys.public())
