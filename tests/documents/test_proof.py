"""A printed record: all of its figures, where they come from, and a code that an independent reader verifies."""

import pypdfium2
import pytest

from documents.proof import figures_hash
from documents.verify import Verified, verify
from kiosk.ports import MadePages
from tests.documents import made
from tests.documents.made import NOW, RARE, SERIAL, person, plain, record
from tests.documents.test_application import HOSTILE, assert_inside_margins
from trust.keys import USE_TERMINAL, KeyRing
from wire.messages import RecordAnswer
from wire.tokens import Proof


def proof(answer: RecordAnswer | None = None) -> MadePages:
    return made.room().proof(made.item("shebao-proof"), answer or record(), person(), SERIAL, NOW)


def test_everything_is_on_one_page() -> None:
    pages = proof()
    texts = made.page_texts(pages.pdf)
    assert len(texts) == len(pages.previews) == 1
    for words in (
        "城保缴费情况", "Social insurance payment record", SERIAL, RARE, "310110195802290022", "城镇职工基本养老保险",
        "2026-11-22 23:03", "第1页，共1页", figures_hash(record())[:16],
    ):  # fmt: skip
        assert plain(words) in texts[0], words
    for row in record().rows:
        assert "".join(row) in texts[0]
    assert texts[0].index("姓名") < texts[0].index("证件号码") < texts[0].index("险种")


def test_made_up_figures_say_so_loudly() -> None:
    for page in made.page_texts(proof(record(200)).pdf):
        assert "演示数据" in page.replace("演示纺织", "")
    text = made.text(proof().pdf)
    assert plain("演示数据，不作凭证 · Demonstration data, not valid as proof") in text
    assert "演示章" in text


def test_real_figures_do_not() -> None:
    text = made.text(proof(record(source="社会保险经办机构")).pdf).replace("演示纺织", "")
    assert "演示" not in text
    assert "DEMONSTRATION" not in text
    assert "数据来源：社会保险经办机构" in text


def test_two_hundred_rows_with_the_head_on_every_page() -> None:
    pages = proof(record(200))
    texts = made.page_texts(pages.pdf)
    assert len(texts) == len(pages.previews) >= 5
    head = "".join(made.COLUMNS)
    for number, page in enumerate(texts, 1):
        assert head in page
        assert f"第{number}页，共{len(texts)}页" in page
        assert SERIAL in page
    everything = "".join(texts)
    assert all(everything.count("".join(row)) == 1 for row in record(200).rows)
    assert_inside_margins(pages.pdf)


@pytest.mark.parametrize("rows", range(20, 48))
def test_what_proves_it_never_stands_alone(rows: int) -> None:
    last = made.page_texts(proof(record(rows)).pdf)[-1]
    assert "".join(record(rows).rows[-1]) in last
    assert "内容指纹" in last


def test_its_code_is_read_from_the_picture_and_holds() -> None:
    pages = proof()
    assert made.codes_in(pages.previews[-1]) == [pages.token]
    ring = KeyRing([made.key().public(USE_TERMINAL)])
    found = verify(pages.token, ring, NOW)
    assert isinstance(found, Verified)
    assert isinstance(found.payload, Proof)
    assert found.payload.serial == SERIAL
    assert found.payload.figures == figures_hash(record())
    assert found.payload.at == NOW.replace(microsecond=0)


def test_the_figures_hash_is_the_one_that_central_keeps() -> None:
    from central.jobs.records import figures_hash as centrals

    assert figures_hash(record()) == centrals(record())
    assert figures_hash(record(23)) != figures_hash(record())


def test_markup_is_printed_as_it_is() -> None:
    answer = record(heading={HOSTILE: HOSTILE}, columns=("a&b", "<i>")).model_copy(update={"rows": ((HOSTILE, "1"),)})
    assert made.text(proof(answer).pdf).count(plain(HOSTILE)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": (), "rows": ()},
        {"rows": ()},
        {"columns": ("一",), "rows": (("甲", "乙", "丙"), (), ("丁",))},
        {"columns": tuple(f"第 {n} 列" for n in range(18)), "rows": (tuple("12345.00" for _ in range(18)),) * 40},
        {"rows": (("很长的内容" * 900, "x" * 700, "", "", ""),)},
        {"heading": {}, "as_of": None, "source": ""},
        {"heading": {"很长的标签" * 9: "很长的内容" * 60, "b": ""}},
        {"source": "来源" * 300},
    ],
)
def test_odd_answers_of_a_department_are_printed_whole(changes: dict[str, object]) -> None:
    answer = record(3).model_copy(update=changes)
    pages = proof(answer)
    text = made.text(pages.pdf)
    assert_inside_margins(pages.pdf)
    letters = sorted(plain("".join(cell for row in answer.rows for cell in row)))
    for letter in set(letters):
        assert text.count(letter) >= letters.count(letter)


def test_a_number_is_not_broken_in_two() -> None:
    """Fourteen columns: the type shrinks until each number stands on one line."""
    answer = record(columns=tuple("甲" * 14)).model_copy(update={"rows": (tuple("12345.00" for _ in range(14)),) * 3})
    document = pypdfium2.PdfDocument(proof(answer).pdf)
    lines = document[0].get_textpage().get_text_range()
    document.close()
    assert lines.count("12345.00") == 14 * 3


def test_same_facts_same_figures() -> None:
    """The token's signature holds chance; all else is the same."""
    from documents.person import Person
    from documents.proof import ProofFacts, proof_pdf

    facts = ProofFacts(
        made.item("shebao-proof"),
        record(),
        Person("citizen", RARE, "1", "card"),
        SERIAL,
        NOW,
        "YP01",
        "殷行",
        "Yinhang",
        "NT1.x",
    )
    assert proof_pdf(facts) == proof_pdf(facts)
