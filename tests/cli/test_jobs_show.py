"""`hht jobs show`: each Local Command of a job, and what can be done for a Response not kept."""

from store_samples import CCS01_COMMAND, open_store, pack

from hht.store import CommandEvent


def test_a_response_that_was_not_kept_has_its_way_back_and_others_have_none(hht, data_dir):
    with open_store(data_dir) as store:
        store.jobs.add(pack(CCS01_COMMAND))
        for event in (CommandEvent.SEND, CommandEvent.LOST_SIGHT):
            store.commands.move(1, event)
    (row,) = hht("jobs", "show", "1", "--json").rows
    assert (row["uncaptured"], row["way_back"], row["way_back_words"]) == (False, None, None)
    with open_store(data_dir) as store:
        store.commands.move(1, CommandEvent.SETTLED_DONE)
    (row,) = hht("jobs", "show", "1", "--json").rows
    assert (row["uncaptured"], row["way_back"]) == (True, "supplier")
    assert "new Local Command" in row["way_back_words"]
    assert "Response not kept: it cannot be had again" in hht("jobs", "show", "1").out
    with open_store(data_dir) as store:
        store.journeys.save(1, "connect", {"state": "joined"})
    (row,) = hht("jobs", "show", "1", "--json").rows
    assert row["way_back"] == "connect"
