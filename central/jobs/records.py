"""Asking a department for a record, for a terminal that has the citizen's consent."""

import logging

from central.jobs.outages import query
from central.rules.letters import Sender
from central.rules.records import RecordRefusal, judge_request
from central.store import cases
from central.wiring import Central
from wire.canonical import canonical, sha256_hex
from wire.messages import RecordAnswer, RecordRequest, RecordState, SignedRecord

LOG = logging.getLogger("central.records")


def ask(central: Central, sender: Sender, request: RecordRequest) -> SignedRecord | RecordRefusal:
    """The department's answer signed. Of what was found only a hash stays here, to compare printed proofs with."""
    now = central.now()
    refusal = judge_request(request, now)
    if refusal is not None:
        return refusal
    connector = central.connectors.get(request.item)
    if connector is None:
        return RecordRefusal.NO_CONNECTOR
    answer = query(central, connector, request.item, request.holder_number, request.holder_name)
    if answer.state is RecordState.FOUND:
        digest = figures_hash(answer)
        with central.database.writing() as connection:
            cases.add_figures(
                connection, sender.region, sender.terminal, digest, request.item, answer.source[:120] or "?", now
            )
    LOG.info("record of %s asked by %s: %s", request.item, sender.terminal, answer.state.value)
    return central.keys.sign_record(answer, request)


def figures_hash(answer: RecordAnswer) -> str:
    """What a proof's token says of its figures (wire.tokens.Proof.figures)."""
    told = answer.model_dump(mode="json", include={"heading", "columns", "rows"})
    return sha256_hex(canonical(told))
