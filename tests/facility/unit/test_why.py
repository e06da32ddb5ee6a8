"""A unit that stops short says which Local Command, and why."""

from dataclasses import replace
from pathlib import Path

import pytest
from package_samples import content

from hht.facility.unit.why import NEW_PACKAGE, refusal, unanswered
from hht.store import CommandRow, CommandState
from hht.store.databases import open_store


@pytest.fixture
def rows(tmp_path: Path) -> tuple[CommandRow, ...]:
    with open_store(tmp_path, content().mode) as store:
        return store.commands.of_job(store.jobs.add(content().job_pack()).id)


def test_a_refused_join_is_named_with_its_reason_and_what_helps(
    rows: tuple[CommandRow, ...],
) -> None:
    done = replace(rows[0], state=CommandState.ANSWERED)
    refused = replace(rows[1], state=CommandState.REFUSED, reason="no CBKE response")
    assert refusal([done, refused, rows[2]]) == ("2-join-esme.xml: no CBKE response", NEW_PACKAGE)
    assert refusal([done, rows[1], rows[2]]) is None


def test_a_command_without_its_response_is_named(rows: tuple[CommandRow, ...]) -> None:
    unknown = replace(rows[0], state=CommandState.UNKNOWN)
    assert unanswered([unknown, *rows[1:]]) == "1-add.xml: no Response has come"
