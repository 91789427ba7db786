"""Whether an opened letter agrees with what its terminal signed."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from wire.letters import Amended, Application, ProofPrinted
from wire.tokens import Proof, Receipt


class Flag(enum.StrEnum):
    """What does not agree. A flagged case is kept and shown; a person decides."""

    RECEIPT_UNVERIFIED = "receipt.unverified"  # not a receipt that this terminal's key signed
    RECEIPT_OTHER_CASE = "receipt.other_case"
    RECEIPT_OTHER_ITEM = "receipt.other_item"
    RECEIPT_OTHER_TERMINAL = "receipt.other_terminal"
    RECEIPT_OTHER_PARTS = "receipt.other_parts"  # the receipt names other bytes than those that arrived
    PART_DAMAGED = "part.damaged"  # a part is not the bytes it says it is
    PAGE_NOT_PDF = "page.not_pdf"
    PROOF_UNVERIFIED = "proof.unverified"
    PROOF_OTHER_SERIAL = "proof.other_serial"
    PROOF_OTHER_ITEM = "proof.other_item"
    PROOF_OTHER_TERMINAL = "proof.other_terminal"


@dataclass(frozen=True)
class Part:
    """A file of an application: what it was said to be, and what it is. `actual` is "" when it could not be decoded."""

    declared: str
    actual: str


def check_application(
    application: Application | Amended,
    terminal: str,
    receipt: Receipt | None,
    parts: Sequence[Part],
    *,
    page_is_pdf: bool,
) -> tuple[Flag, ...]:
    """Compare an application with its receipt. `parts` are the page, then the materials; `receipt` None: unverified."""
    flags = []
    if any(part.declared != part.actual for part in parts):
        flags.append(Flag.PART_DAMAGED)
    if not page_is_pdf:
        flags.append(Flag.PAGE_NOT_PDF)
    if receipt is None:
        flags.append(Flag.RECEIPT_UNVERIFIED)
        return tuple(flags)
    if receipt.case != application.case:
        flags.append(Flag.RECEIPT_OTHER_CASE)
    if (receipt.item, receipt.version) != (application.item, application.version):
        flags.append(Flag.RECEIPT_OTHER_ITEM)
    if receipt.terminal != terminal:
        flags.append(Flag.RECEIPT_OTHER_TERMINAL)
    if receipt.parts != tuple(part.actual for part in parts):
        flags.append(Flag.RECEIPT_OTHER_PARTS)
    return tuple(flags)


def check_proof(printed: ProofPrinted, terminal: str, proof: Proof | None) -> tuple[Flag, ...]:
    """Compare a printed proof with its token."""
    if proof is None:
        return (Flag.PROOF_UNVERIFIED,)
    flags = []
    if proof.serial != printed.serial:
        flags.append(Flag.PROOF_OTHER_SERIAL)
    if proof.item != printed.item:
        flags.append(Flag.PROOF_OTHER_ITEM)
    if proof.terminal != terminal:
        flags.append(Flag.PROOF_OTHER_TERMINAL)
    return tuple(flags)
