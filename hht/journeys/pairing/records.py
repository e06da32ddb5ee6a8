"""The result of a job's pairings as the store has it, for a look without a visit."""

from hht.clock import SYSTEM_CLOCK, Clock
from hht.entity_id import EntityId
from hht.journeys.move.standing import move_view
from hht.journeys.pairing.lines import PairingLine, Site, pairing_lines
from hht.journeys.pairing.pairing_journey import JOURNEY
from hht.journeys.pairing.tasks import pairing_tasks
from hht.journeys.pairing.why_refused import join_result
from hht.journeys.premises.devices import Premises
from hht.journeys.premises.late import late_devices
from hht.store import JobRow, Store


def lines_of_job(store: Store, job: JobRow, clock: Clock = SYSTEM_CLOCK) -> list[PairingLine]:
    """Say for each display or switch of a job its state, and then with each partner."""
    rows = store.commands.of_job(job.id)
    captures = store.captures.of_job(job.id)
    premises = Premises.of(job, captures, late=late_devices(store, job.id))
    devices = {each.entity_id: each for each in premises.devices(clock.now())}
    tasks = pairing_tasks(rows, {each.entity_id: each.type for each in job.devices})
    snapshot = store.journeys.load(job.id, JOURNEY) or {}
    known_before = frozenset(map(EntityId.parse, snapshot.get("known_before", ())))
    found = {each.command_id or 0: join_result(each) for each in captures}
    results = {number: each for number, each in found.items() if each is not None}
    move = move_view(store, job)
    missed = move.missed if move else {}
    site = Site({row.id: row for row in rows}, devices, known_before, results, missed)
    return pairing_lines(tasks, site)
