"""The visit's events, noted as they happen, and judged at the end."""

from typing import TYPE_CHECKING

from hht.clock import SYSTEM_CLOCK, Clock
from hht.events import Event, to_json

if TYPE_CHECKING:
    from hht.store import CommandRow, Store
    from hht.training.debrief import Debrief
    from hht.training.exercise.run import TrainingRun
    from hht.training.scoring import CommandStand


class Notebook:
    """Takes a visit's events; `debrief` judges what it has noted."""

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._rows: list[dict[str, object]] = []
        self._first = self._last = 0.0

    def note(self, event: Event) -> None:
        self._last = self._clock.elapsed()
        self._first = self._first or self._last
        self._rows.append(to_json(event))

    def debrief(self, run: "TrainingRun", store: "Store", job_id: int) -> "Debrief":
        """Judge the play of this run, with what the hub has kept of its side."""
        from hht.journeys.auto import outcome_of
        from hht.simulator.hub.hub_log import read_log
        from hht.training.debrief import debrief
        from hht.training.scoring import Played

        commands = store.commands.of_job(job_id)
        played = Played(
            outcome=outcome_of(commands),
            minutes=(self._last - self._first) / 60,
            events=tuple(self._rows),
            commands=tuple(map(_stand, commands)),
            alerts=frozenset(_alerts(store, job_id)),
            hub_log=tuple(read_log(run.run_dir)),
        )
        return debrief(run.scenario, played)


def _stand(row: "CommandRow") -> "CommandStand":
    from hht.gbcs.message import read_headers
    from hht.training.scoring import CommandStand

    counter = read_headers(row.raw).counter
    return CommandStand(row.title, row.state, row.last_event, counter)


def _alerts(store: "Store", job_id: int) -> set[int]:
    """Collect the codes of the Alerts that were captured."""
    codes = (capture.alert_code for capture in store.captures.of_job(job_id))
    return {code for code in codes if code is not None}
