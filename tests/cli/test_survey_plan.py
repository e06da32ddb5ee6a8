"""The building's plan of a survey from the inventory's answer: a DRAFT, and called that."""

import json
from pathlib import Path
from typing import Any

import pytest
from survey_samples import survey_of

from hht.duis.envelope import NAMESPACE
from hht.survey.survey_file import write_survey

LEVELS = {11: [-90.0], 15: [-60.0], 20: [-62.0]}
DEVICES = "".join(
    f"<sr:Device><sr:DeviceID>00-DB-00-00-00-30-{n}0-A2</sr:DeviceID>"
    f"<sr:DraftCHFChannelMask>{channels}</sr:DraftCHFChannelMask></sr:Device>"
    for n, channels in ((1, "<sr:Channel20/><sr:Channel15/>"), (2, "<sr:Channel15/>"))
)


def answer(content: str, service: str = "8.2") -> str:
    return (
        f'<sr:Response xmlns:sr="{NAMESPACE}" schemaVersion="5.4"><sr:Header/><sr:Body>'
        f"<sr:ResponseMessage><sr:ServiceReference>{service}</sr:ServiceReference>{content}"
        "</sr:ResponseMessage></sr:Body></sr:Response>"
    )


@pytest.fixture
def advised(hht: Any, tmp_path: Path) -> Any:
    survey = tmp_path / "survey.json"
    survey.write_bytes(write_survey(survey_of(LEVELS, ours=11)))

    def advise(plan: bytes) -> Any:
        (tmp_path / "answer.xml").write_bytes(plan)
        return hht("survey", "advise", survey, "--plan", tmp_path / "answer.xml", "--json")

    return advise


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_channels_of_all_hubs_of_the_answer_are_the_plan(advised: Any, encoding: str) -> None:
    ran = advised(answer(DEVICES).encode(encoding))
    first = json.loads(ran.out.splitlines()[0])
    assert (first["advice"], first["channel"], first["outside_plan"]) == ("move", 20, True)
    assert ran.err.startswith("DRAFT (SECMP0012): the inventory's plan is 15, 20")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (answer(""), "names no 2.4 GHz channel"),
        (answer(DEVICES, "12.1"), "answers service 12.1"),
        (answer(DEVICES.replace("Channel20", "Channel27")), "<Channel27>"),
        (answer(DEVICES)[:-30], "XML"),
        ("<html><body>Sign in</body></html>", "<html>"),
    ],
    ids=["no channels", "another service", "out of range", "cut short", "no DUIS"],
)
def test_another_answer_is_one_line_and_no_advice(advised: Any, plan: str, said: str) -> None:
    ran = advised(plan.encode())
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert said in ran.err
