"""`hht jobs show` and `list`: each Local Command of a job, what was not kept, what is damaged."""

from store_samples import CCS01_COMMAND, HUB, open_store, pack

from hht.outbox.reports import draft_report
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


def test_a_damaged_job_or_item_is_named_and_hides_no_other(hht, data_dir):
    with open_store(data_dir) as store:
        for name in ("JOB-1", "JOB-2", "JOB-3"):
            store.jobs.add(pack(CCS01_COMMAND, reference=name))
            draft_report(store, "8.14.1", b"<a/>", originator=HUB)
        for change in (
            "UPDATE jobs SET details = x'00' WHERE id = 1",
            "UPDATE commands SET device = x'00' WHERE job_id = 2",
            "UPDATE returns SET created_at = 'noon' WHERE id = 1",
        ):
            store.database.connection.execute(change)
    jobs, queue = (hht(name, "list", "--json") for name in ("jobs", "queue"))
    assert ([each["job"] for each in jobs.rows], jobs.code) == ([3], 1)
    assert "Job 2 is not listed: The record of Local Command 2" in jobs.err
    assert "Job 1 is not listed: The record of job 1" in jobs.err
    assert ([each["item"] for each in queue.rows], queue.code) == ([2, 3], 1)
    assert "The record of queued item 1" in queue.err
