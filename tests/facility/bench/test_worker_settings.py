"""A worker's command line, which everybody on the machine can read, has no password in it."""

from hht.facility.bench.worker import WorkerSettings, settings_text


def test_the_address_of_the_books_is_not_on_the_command_line() -> None:
    url = "postgresql://bench:s3cret@host/facility"
    assert "s3cret" not in settings_text(WorkerSettings("/data", "b1", "A", [], batch_store=url))
