"""Our words for the reference messages, held against what another parser makes of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from judge_texts import judged_values
from judged_names import names_beside
from message_review import MISSING, Ours, counts, review

from hht.gbcs.explain.describe import describe
from hht.gbcs.explain.field import Field
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.spans import Line

pytestmark = pytest.mark.shared
MESSAGES = 829


def test_no_value_of_the_other_parser_is_missing_or_different(shared: Path) -> None:
    reviewed = list(review(shared))
    missing = [f"{each.name}: {value}" for each in reviewed for value in each.missing]
    assert missing == []
    tally = counts(reviewed)
    assert len(reviewed) == MESSAGES
    assert tally.total() > 10_000
    print("\n".join(f"{count:6} {verdict}" for verdict, count in tally.most_common()))


def test_a_line_has_no_amount_or_text_that_the_tree_has_not(shared: Path) -> None:
    unfounded = [(each.name, each.unfounded) for each in review(shared) if each.unfounded]
    assert unfounded == []


def test_whatever_the_other_parser_names_has_a_name_of_ours(shared: Path) -> None:
    nameless = [named for named in names_beside(shared) if not named.ours]
    assert nameless == []


@pytest.mark.parametrize(
    ("message", "ours", "instead"),
    [
        ("1.5_ECS04a/ECS04a_1.5_SUCCESS", "12.00 GBP", "13.00 GBP"),
        ("6.11_ECS70/ECS70_6.11_SUCCESS", "2014-12-31 23:59:10", "2014-12-31 23:59:11"),
        ("6.20.2_ECS39b/ECS39b_6.20.2_SUCCESS", "1312345678333", "1312345678334"),
        ("8.8.1_CS04ACCritical/CS04ACCritical_8.8.1_SUCCESS", "78-90-99", "78-90-98"),
    ],
)
def test_the_review_finds_what_is_changed(
    shared: Path, message: str, ours: str, instead: str
) -> None:
    name = f"{message}_COMMAND_GBCS"
    raw = bytes.fromhex((shared / "rtds" / "messages" / f"{name}.HEX").read_text())
    described = describe(Message.parse(raw), PemFolder(shared / "rtds" / "keystore"))
    payload = next(field for field in described.fields if field.name == "Payload")
    values = judged_values(shared / "judge" / f"{name}.txt")
    right, wrong = Ours(payload.children), Ours((changed(payload, ours, instead),))
    assert MISSING not in {right.verdict(value) for value in values}
    assert MISSING in {wrong.verdict(value) for value in values}


def changed(field: Field, ours: str, instead: str) -> Field:
    """The same tree with another value in its words, and no number behind them."""
    spans = tuple(
        span._replace(text=span.text.replace(ours, instead), number=None)
        if ours in span.text
        else span
        for span in field.value.spans
    )
    children = tuple(changed(child, ours, instead) for child in field.children)
    return replace(field, value=Line(spans), children=children)
