"""`hht facility load`, `pause` and `resume`: units at benches, with their packages."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.facility.options import BatchArgument, StoreOption, find_batch, open_books
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.facility.batches.records import BatchRow, BatchState
    from hht.facility.batches.store import BatchStore
    from hht.facility.bench.run import BenchRun, Event

_SIMULATED = "sim:"
_MOST_SLOTS = 256  # eight 32-way USB hubs: more no bench has


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("load")(load)
    app.command("pause")(pause)
    app.command("resume")(resume)


def load(
    context: typer.Context,
    batch: BatchArgument = "",
    bench: Annotated[
        list[str] | None,
        typer.Option(metavar="PORT", help="A slot's port by its path, repeated; or sim:N."),
    ] = None,
    units: Annotated[Path | None, typer.Option(help="The simulated units' folder.")] = None,
    name: Annotated[str, typer.Option(help="The bench's name; the machine's if left out.")] = "",
    operator: Annotated[str, typer.Option(help="Who works at it.")] = "",
    screen: Annotated[
        bool, typer.Option(help="Show the slots on the whole terminal, where there is one.")
    ] = True,
    labels: Annotated[
        Path | None, typer.Option(help="Write an SVG label for each box into this folder.")
    ] = None,
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load the units plugged in. Ctrl+C ends it; exit 1 where one was rejected or stopped."""
    import asyncio

    from hht.cli.facility.collect import take_collected
    from hht.cli.facility.status import print_summary
    from hht.facility.bench.names import hold_name
    from hht.facility.bench.run import BenchRun, default_bench
    from hht.facility.bench.worker import WorkerSettings

    slots = _slots(bench or [], units)
    settled: Context = context.obj
    printer = _Printer(as_json)
    with open_books(context, batch_store) as books:
        found = find_batch(books, batch)
        settings = WorkerSettings(
            data_dir=str(settled.data_dir),
            batch=found.id,
            bench=name or default_bench(),
            slots=slots,
            batch_store=batch_store,
            operator=operator,
        )
        place = books, found.id, settings.bench, settled.data_dir
        name_lock = asyncio.run(hold_name(*place, printer.wait))
        run = BenchRun(settings, printer, units, labels)
        if screen and not as_json and sys.stdin.isatty() and sys.stdout.isatty():
            printer.bad = _show(run, books, found, settled)
        else:
            _work(run)
        name_lock.release()
        take_collected(settled, as_json)
        print_summary(books, found, as_json)
    if printer.bad:
        raise typer.Exit(1)


def pause(
    context: typer.Context,
    batch: BatchArgument = "",
    operator: Annotated[str, typer.Option(help="Who says so.")] = "",
    batch_store: StoreOption = None,
) -> None:
    """Pause a batch. Every bench finishes the unit it is at, and claims no other."""
    from hht.facility.batches.records import BatchState

    _set(context, batch, BatchState.PAUSED, operator, batch_store)


def resume(
    context: typer.Context,
    batch: BatchArgument = "",
    operator: Annotated[str, typer.Option(help="Who says so.")] = "",
    batch_store: StoreOption = None,
) -> None:
    """Go on with a batch that was paused."""
    from hht.facility.batches.records import BatchState

    _set(context, batch, BatchState.OPEN, operator, batch_store)


def _set(
    context: typer.Context, batch: str, state: "BatchState", operator: str, url: str | None
) -> None:
    from hht.facility.batches.book_keeping import SetBatchState
    from hht.facility.batches.records import BatchState

    with open_books(context, url) as books:
        found = find_batch(books, batch)
        if found.state not in (BatchState.OPEN, BatchState.PAUSED):
            raise InputError(f"The batch is {found.state.value}", where=found.id)
        books.do(SetBatchState(found.id, state, operator))
        print(f"batch {found.id} is {state.value}")


def _work(run: "BenchRun") -> None:
    """Run the bench; Ctrl+C lets every slot finish its unit."""
    import asyncio
    import signal

    async def at_work() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, run.stop)
        await run.run()

    asyncio.run(at_work())


def _show(run: "BenchRun", books: "BatchStore", batch: "BatchRow", settled: Context) -> int:
    """Run the bench behind its screen; returns how often a slot showed a rejected unit."""
    from screens.facility.app import BenchApp
    from screens.themes import remembered

    app = BenchApp(run, books, batch, remembered(settled.data_dir))
    app.run()
    return app.bad + (app.return_code or 0)


class _Printer:
    """A printer of what happens, which counts what must not happen."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self.bad = 0

    def wait(self, seconds: float) -> None:
        """Say that a bench of this name may still be at work elsewhere."""
        if self._as_json:
            print_json({"event": "name-held", "seconds": seconds})
        else:
            print(f"A bench of this name was at work: looking for {seconds:.0f} s if it still is")

    def __call__(self, event: "Event") -> None:
        self.bad += event.get("state") == "bad"
        if self._as_json:
            print_json(event)
        elif event["event"] == "slot" and event["code"]:
            print("{slot}  {state:5}  {eui}  {what}. {remedy}".format(**event), flush=True)
        elif event["event"] == "label-failed":
            print("no label for {eui}: {what}".format(**event), flush=True)


def _slots(bench: list[str], units: Path | None) -> list[tuple[str, str]]:
    """Name the slots: by their ports' paths, or sim-1 to sim-N."""
    from hht.facility.bench.names import slots_at

    if not bench:
        raise InputError("No slot is named", remedy="Give --bench PORT for each, or --bench sim:N.")
    simulated = [each for each in bench if each.startswith(_SIMULATED)]
    if not simulated:
        return slots_at(bench)
    if len(bench) > 1 or units is None or not units.is_dir():
        raise InputError(
            "Simulated slots need their units",
            where=simulated[0],
            remedy="Write --bench sim:N --units DIR, with the units of 'hht facility example'.",
        )
    count = simulated[0].removeprefix(_SIMULATED)
    if not (count.isascii() and count.isdecimal() and 1 <= int(count) <= _MOST_SLOTS):
        raise InputError(f"sim:N has 1 to {_MOST_SLOTS} slots", where=simulated[0])
    return [(f"sim-{n}", "") for n in range(1, int(count) + 1)]
