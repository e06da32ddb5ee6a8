"""What an answer means: by its DUIS code where it is the answer to the request, else nothing."""

import re
from typing import Any

import pytest
from duis_samples import SUPPLIER
from store_samples import NOW

from hht.duis.request_id import RequestId
from hht.outbox.gateway.answers import Disposition, Judgement, judge, judge_code
from hht.outbox.gateway.client import Answer
from hht.outbox.simulated.xml import acknowledgement

REQUEST = f"{SUPPLIER}:90-B3-D5-1F-30-00-00-02:7"


def judged(body: bytes, status: int = 200, **more: Any) -> Judgement:
    return judge(Answer(status, body, **more), RequestId.parse(REQUEST))


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("I0", Disposition.RECEIVED),
        ("I99", Disposition.RECEIVED),
        ("W081401", Disposition.RECEIVED),
        ("E5", Disposition.REFUSED),
        ("E081302", Disposition.REFUSED),
        ("E1", Disposition.REFUSED),
        ("E010101", Disposition.REFUSED),
        ("I96", Disposition.HELD),
        ("E999", Disposition.HELD),
        ("W999999", Disposition.HELD),
        ("ANYTHING", Disposition.HELD),
        ("i0", Disposition.HELD),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401, 404, 418, 503])
def test_the_code_of_an_answer_decides_whatever_the_status(code, meaning, status):
    judgement = judged(acknowledgement(REQUEST, code, NOW), status)
    assert judgement.disposition is meaning
    assert judgement.code == code
    assert judgement.note.startswith(f"{code}: ")


def test_a_code_by_which_all_would_be_refused_stops_the_round():
    assert judge_code("E1").stops_round
    assert judge_code("E13").stops_round
    assert not judge_code("E5").stops_round


def test_the_letters_of_a_request_id_may_be_of_either_case():
    body = acknowledgement(REQUEST.lower(), "I0", NOW)
    assert judged(body).disposition is Disposition.RECEIVED


WHOLE = acknowledgement(REQUEST, "I0", NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>I0</html>",
        WHOLE[:-5],
        WHOLE.replace(b"Response ", b"Request ").replace(b"</sr:Response>", b"</sr:Request>"),
        WHOLE.replace(b"dccinterface", b"elsewhere"),
        WHOLE.replace(b"I0", b""),
        WHOLE.replace(f"<sr:RequestID>{REQUEST}</sr:RequestID>".encode(), b""),
        WHOLE.replace(b":7<", b":8<"),
        WHOLE.replace(b":7<", b":07<"),
        WHOLE.replace(b"<sr:ResponseCode>", b"<sr:RequestID>1</sr:RequestID><sr:ResponseCode>"),
        WHOLE.replace(b"?><", b"?><!DOCTYPE x []><", 1),
        WHOLE * 2,
        b"[" + WHOLE + b"]",
    ],
    ids=range(13),
)
@pytest.mark.parametrize("status", [200, 402, 500])
def test_what_is_no_whole_answer_to_the_request_says_nothing_of_the_item(body, status):
    judgement = judged(body, status)
    assert judgement.disposition is Disposition.TRY_AGAIN
    assert judgement.note.startswith(f"HTTP {status}")


def test_an_answer_that_breaks_off_is_none_even_where_it_looks_whole():
    judgement = judged(WHOLE, is_whole=False, first_line="<?xml")
    assert judgement.disposition is Disposition.TRY_AGAIN
    assert judgement.note == "HTTP 200, and the answer breaks off: <?xml"
    endless = judged(WHOLE, first_line="<?xml", is_whole=False, is_larger=True)
    assert endless.note == "HTTP 200, and the answer is longer than any of the DCC: <?xml"


def test_the_note_keeps_the_first_line_and_where_a_redirection_leads():
    judgement = judged(b"x", 307, first_line="Sign in", location="to portal.example")
    assert judgement.note == (
        "HTTP 307: the way leads to another page (to portal.example): Sign in"
    )
    assert judgement.disposition is Disposition.STOP


def test_a_gateway_that_renumbers_changes_the_counter_and_nothing_else():
    request = RequestId.parse(REQUEST)

    def meaning(request_id: str) -> Disposition:
        body = acknowledgement(request_id, "I0", NOW)
        return judge(Answer(200, body), request, renumbers=True).disposition

    assert meaning(REQUEST + "1") is Disposition.RECEIVED
    assert meaning(REQUEST.replace("90-B3", "90-B4", 1)) is Disposition.TRY_AGAIN
    assert meaning(REQUEST.replace("02:7", "03:7")) is Disposition.TRY_AGAIN


def test_w081401_is_a_success_with_a_note():
    assert "InstalledNotCommissioned" in judge_code("W081401").note


@pytest.mark.parametrize("code", ["hello\x1b[31m", "x" * 500, "\u202eI0", "I0\nI0"])
def test_a_code_does_not_reach_the_terminal_as_it_is(code):
    judgement = judge_code(code)
    assert judgement.disposition is Disposition.HELD
    assert judgement.note.isprintable()
    assert judgement.code.isprintable()
    assert len(judgement.code) <= 40


@pytest.mark.shared
def test_every_code_of_the_schema_is_known_and_no_other(shared):
    from hht.tables import rows_of

    schema = (shared / "duis" / "xsd" / "duis.xsd").read_text()
    in_schema = set(re.findall(r'enumeration value="([EWI]\d+)"', schema))
    assert {row[0] for row in rows_of("duis_codes.tsv")} == in_schema
