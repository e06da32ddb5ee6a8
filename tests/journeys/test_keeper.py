"""What was kept is kept, whatever its event meets."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from store_samples import CS14_ALERT, HUB, open_store

from hht.clock import ManualClock
from hht.journeys.journal import Journal
from hht.journeys.keeper import Keeper
from hht.store import Capture, StoreFull


async def test_a_message_whose_event_finds_no_room_is_kept_once_and_holds_up_nothing(
    tmp_path: Path,
) -> None:
    said: list[object] = []
    connect = SimpleNamespace(hub=HUB)
    journal = SimpleNamespace(clock=ManualClock(), connect=connect, job_id=None, say=said.append)

    def no_room(capture: Capture) -> None:
        raise StoreFull("The disk is full")

    with open_store(tmp_path) as store:
        keeper = Keeper(store, cast(Journal, journal), None, no_room)
        keeper.keep_or_hold(CS14_ALERT)
        keeper.check()
        keeper.close()
        assert [each.copies for each in store.captures.all()] == [1]
    assert len(said) == 1
