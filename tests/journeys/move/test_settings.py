"""The sub-GHz settings of a hub before and after a DBCH04, each in words."""

from dataclasses import replace
from pathlib import Path

from visit_stage import scene

from hht.gbcs.dlms import long_unsigned, structure
from hht.gbcs.message import Message
from hht.journeys.move.settings import FIELDS, Setting, settings_of
from hht.simulator.devices.cosem.objects import obis
from hht.simulator.head_end.compose import payloads

CONFIGURATION = (1, obis("0-0:94.44.10.0"), 2)


async def test_each_field_has_its_words_before_and_after(tmp_path: Path) -> None:
    async with scene(tmp_path, scenario="sub-ghz-duty-cycle") as on:
        await on.connect()
        await on.visit.deliver_next()
        read = settings_of(on.rows(), on.store.captures.of_job(1))
        assert len(read) == len(FIELDS) == 15
        assert read[4] == Setting("normal-limited threshold", "1.30 %", None, "0.50 to 2.00 %")
        assert [each.allowed for each in read[:4]] == [""] * 4
        assert read[7].allowed == "2 to 65535 (unit not known)"
        assert not any(each.changes for each in read)
        members = list(on.hub.premises.chf.objects.values[CONFIGURATION].members)
        members[4] = long_unsigned(200)
        payload = payloads.dlms_command(payloads.DBCH04, 1, structure(*members))
        row = on.rows()[0]
        message = replace(Message.parse(row.raw), message_code=payloads.DBCH04, payload=payload)
        wanted = replace(row, raw=message.encode(), message_code=payloads.DBCH04)
        after = settings_of([wanted], on.store.captures.of_job(1))
        assert [each.name for each in after if each.changes] == ["normal-limited threshold"]
        assert (after[4].now, after[4].wanted) == ("1.30 %", "2.00 %")


def test_of_a_job_that_is_not_about_them_nothing_is_said() -> None:
    assert settings_of([], []) == ()
