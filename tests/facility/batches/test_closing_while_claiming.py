"""On PostgreSQL a batch is not closed under a claim that is under way in another bench."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from book_samples import eui, fill
from patience import PATIENCE
from postgres_server import Server

from hht.facility.batches.book_keeping import SetBatchState
from hht.facility.batches.claiming import ClaimUnit
from hht.facility.batches.postgres import PostgresEngine, PostgresStore
from hht.facility.batches.records import BatchState, UnitState
from hht.facility.batches.store import units_of

WAITS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = ?"


def test_a_claim_under_way_is_waited_for_and_keeps_its_batch_open(server: Server) -> None:
    url = server.new_database("closing")
    with closing(PostgresStore(url)) as books, ThreadPoolExecutor(1) as pool:
        fill(books)
        bench, looking = PostgresEngine(url), PostgresEngine(url)
        with bench.transaction():
            ClaimUnit("b1", eui(1), "s", "A", "slot-1").apply(bench)
            closed = pool.submit(books.do, SetBatchState("b1", BatchState.CLOSED))
            while not looking.rows(WAITS, "transactionid"):
                assert not closed.done()
        assert not closed.result(PATIENCE)
        assert next(units_of(books, "b1")).state is UnitState.CLAIMED
        for each in (bench, looking):
            each.connection.close()
