"""A training run: a scenario's site on disk, its job in the training database, its hub."""

import json
import random
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hht.files import private_folder, write_whole
from hht.training.exercise.run_folders import DEBRIEF, FINISHED, is_other, number_of, runs_of
from hht.training.exercise.terms import TERMS, Terms, keep_terms, read_terms

if TYPE_CHECKING:
    from hht.clock import Clock
    from hht.duis.job_pack import JobPack
    from hht.gbcs.keystore import PemFolder
    from hht.hub_profile import HubProfile
    from hht.journeys.equipment import RadioKit
    from hht.session.identity import HhtIdentity
    from hht.simulator.launcher import HubProcess
    from hht.simulator.site.record import Site
    from hht.store import JobRow, Store
    from hht.training.debrief import Debrief
    from hht.training.exercise.unit import ExerciseUnit
    from hht.training.scenario.spec import Scenario


@dataclass
class TrainingRun:
    """One play of a scenario; started again it goes on where it was."""

    data_dir: Path
    scenario: "Scenario"
    run_dir: Path
    seed: int | None
    hub_options: tuple[str, ...] = ()
    hub_program: str = "hht.simulator.process"
    hub: "HubProcess | None" = field(default=None, init=False)
    is_prepared: bool = field(default=False, init=False)
    """Whether its hub runs already, at the step at which the trainee begins."""
    goes_on: bool = field(default=False, init=False)
    """Whether it was begun before, and left in the middle."""

    @classmethod
    def resume_or_start(
        cls,
        data_dir: Path,
        name: str,
        seed: int | None = None,
        hub_options: tuple[str, ...] = (),
        speed: float | None = None,
    ) -> "TrainingRun":
        """Resume the newest run of the scenario if it is not finished, else begin a new one.

        A scenario whose premises or job have changed since begins a new one too. `speed` is the new
        run's, in place of the scenario's.
        """
        from hht.simulator.site.preparation import prepare_site
        from hht.training.scenario.load import load_scenario

        scenario = load_scenario(name)
        runs = private_folder(data_dir / "training" / "runs")
        newest = max(map(number_of, runs_of(data_dir, scenario.name)), default=1)
        run_dir = runs / f"{scenario.name}-{newest}"
        if (run_dir / FINISHED).exists() or is_other(run_dir, scenario):
            run_dir = runs / f"{scenario.name}-{newest + 1}"
        prepare_site(scenario.site, run_dir, seed, speed)
        return cls(data_dir, scenario, run_dir, seed, hub_options)

    @classmethod
    def begin(
        cls,
        data_dir: Path,
        name: str,
        seed: int | None = None,
        pcap: Path | None = None,
        speed: float | None = None,
        profile: str = "",
        *,
        again: bool = False,
        lesson: int = 0,
        mode: str = "",
    ) -> "TrainingRun":
        """Go on with the newest run of the scenario, unless its job is done: then begin another.

        With `again` another one is begun in any case. `lesson` is the exercise's place in a
        curriculum, `mode` "practice" or "check"; both are kept with the run, and so is its seed.
        """
        options = hub_options(seed, pcap, profile)
        before = set((data_dir / "training" / "runs").glob("*"))
        run = cls.resume_or_start(data_dir, name, seed, options, speed)
        other = (run.run_dir / TERMS).exists() and read_terms(run.run_dir).lesson != lesson
        with run.open_store() as store:
            finished = run.run_dir in before and run.finish(store, as_expected=again or other)
        run.goes_on = run.run_dir in before
        if finished:
            run = cls.resume_or_start(data_dir, name, seed, options, speed)
        keep_terms(run.run_dir, Terms(seed, profile, lesson, mode))
        return run

    @classmethod
    def of_references(
        cls, data_dir: Path, keys: Path, hub_options: tuple[str, ...] = ()
    ) -> "TrainingRun":
        """Prepare the premises of the reference Devices, with the keys of that folder."""
        from hht.reference.hub import prepare_reference_site
        from hht.training.scenario.load import load_scenario

        scenario = load_scenario("rtds")
        run_dir = private_folder(data_dir / "training" / "runs") / f"{scenario.name}-1"
        prepare_reference_site(scenario.site, run_dir, keys)
        return cls(data_dir, scenario, run_dir, None, hub_options, "hht.reference.hub")

    @classmethod
    def at(cls, data_dir: Path, run_dir: Path) -> "TrainingRun":
        """Open the run that is kept in this folder."""
        from hht.simulator.site.record import load_site
        from hht.training.scenario.load import load_scenario

        return cls(data_dir, load_scenario(load_site(run_dir).spec.source), run_dir, seed=None)

    def open_store(self) -> "Store":
        """Open the training database, with the run's job in it unless the PIN comes first."""
        from hht.store.databases import open_store

        store = open_store(self.data_dir, "training")
        if not store.vault.is_locked:
            store.jobs.add(self.pack)
        return store

    def finish(self, store: "Store", *, as_expected: bool = False) -> bool:
        """Mark the run as finished if its job is, or if the play ended as the scenario expects.

        The scenario's next start is then a new run. Before the PIN a run is taken to go on.
        """
        over = as_expected or not (
            store.vault.is_locked or is_unfinished(store, store.jobs.add(self.pack))
        )
        if over:
            (self.run_dir / FINISHED).touch()
        return over

    @cached_property
    def site(self) -> "Site":
        from hht.simulator.site.record import load_site

        return load_site(self.run_dir)

    @cached_property
    def pack(self) -> "JobPack":
        """Read the job pack that the training head-end wrote; a walk-in has an empty one."""
        from hht.duis.job_pack import read_job_pack

        if self.scenario.site.job.walk_in:
            return self._walk_in()
        return read_job_pack(self.run_dir / "job")

    def _walk_in(self) -> "JobPack":
        from hht.duis.job.walk_in import walk_in_pack
        from hht.gbcs.asn1.codes import RemotePartyRole
        from hht.simulator.pki.remote_parties import PARTIES

        job, supplier = self.scenario.site.job, PARTIES[RemotePartyRole.SUPPLIER]
        return walk_in_pack(job.reference, job.title, job.premises, "training", supplier)

    @property
    def seen(self) -> dict[str, str | bool]:
        """What somebody who looks sees on these premises, by question."""
        spec = self.scenario.site
        variant = spec.hub.wan_variant
        label: dict[str, str | bool] = {"variant": variant} if variant else {}
        if not spec.job.walk_in:
            return label
        return {**(spec.job.answers or {}), "DeviceID": str(spec.hub.chf), **label}

    @property
    def stop_after(self) -> int | None:
        """After how many deliveries the visit is broken off, drawn from the seed; None: never."""
        if not self.scenario.is_aborted:
            return None
        return random.Random(self.seed).randrange(1, len(self.pack.commands))

    @cached_property
    def identity(self) -> "HhtIdentity":
        """Load the credentials that the training authority gave this handheld."""
        from hht.session.identity import load_identity

        return load_identity(self.run_dir / "hht-identity.json")

    @cached_property
    def profile(self) -> "HubProfile":
        """Load the hub's profile, for a handheld at the speed of the premises."""
        from hht.hub_profile import load_profile

        return load_profile(self.site.spec.profile).at_speed(self.site.speed)

    def kit(self, radio_url: str) -> "RadioKit":
        """Put together what a visit to this hub needs, with the dongle at an address."""
        from hht.journeys.equipment import RadioKit

        return RadioKit(
            radio_url, self.identity, self.profile, self.keys, self.clock, self.site.speed
        )

    @cached_property
    def clock(self) -> "Clock":
        """Make the clock of the premises' time of day; seconds are the machine's, but in pauses."""
        from hht.simulator.pauses import HandheldClock, Pauses

        return HandheldClock(self.site.clock().time, Pauses(self.run_dir))

    @cached_property
    def keys(self) -> "PemFolder":
        """Open the head-end's keys and all certificates, so that MACs are checked too."""
        from hht.gbcs.keystore import PemFolder

        return PemFolder(self.run_dir / "keys")

    @cached_property
    def unit(self) -> "ExerciseUnit | None":
        """Make the unit that lets itself in on these premises; None where there is none."""
        from hht.training.exercise.unit import unit_of

        return unit_of(self.data_dir, self.site, self.pack)

    @property
    def hub_has_ended(self) -> bool:
        """Whether the hub that was started here is no more; one behind --radio is elsewhere."""
        return self.hub is not None and self.hub.process.poll() is not None

    def start_hub(self) -> str:
        """Start the simulated hub, again if it has ended; return its address for the dongle."""
        from hht.hub_profile import OWN_FOLDER
        from hht.simulator.launcher import HubProcess

        if self.is_prepared and self.hub and not self.hub_has_ended:
            self.is_prepared = False
            return self.hub.address
        self.stop_hub()
        options = (*self.hub_options, "--profiles", str(self.data_dir / OWN_FOLDER))
        self.hub = HubProcess.start(self.run_dir, options, self.hub_program)
        if self.unit:
            self.unit.start()
        return self.hub.address

    def power_cycle(self) -> str:
        """Switch the hub off and on, as the trainee does at the meter board."""
        from hht.simulator.control_client import inject_fault, watch

        done = inject_fault(self.run_dir, "power-cut", by="trainee")
        for row in watch(self.run_dir):
            if row.get("status", {}).get("power"):
                break
        return done

    def keep_debrief(self, debrief: "Debrief") -> None:
        """Keep what the play was worth."""
        from hht.training.debrief import to_json

        write_whole(self.run_dir / DEBRIEF, json.dumps(to_json(debrief)).encode())

    def stop_hub(self) -> None:
        """End the simulated hub, and the unit that lets itself in, if they are running."""
        if self.unit:
            self.unit.stop()
        if self.hub:
            self.hub.stop()
        self.hub = None


def is_unfinished(store: "Store", job: "JobRow") -> bool:
    """Return whether a Command of the job is open, or its visit has not been closed.

    A job about its hub alone is done when its status update waits for return.
    """
    from hht.store.command_states import is_open
    from hht.store.rows import ReturnState

    states = store.commands.states(job.id)
    if any(map(is_open, states)):
        return True
    if job.visit and not states:
        reports = store.returns.reports_of(job.id)
        return all(each.state is ReturnState.DRAFT for each in reports)
    return store.journeys.load(job.id, "connect") is not None


def hub_options(seed: int | None, pcap: Path | None, profile: str = "") -> tuple[str, ...]:
    """Build the options of the simulated hub's process beside its run."""
    seeding = ("--seed", str(seed)) if seed is not None else ()
    capturing = ("--pcap", str(pcap)) if pcap else ()
    from hht.hub_profile import load_profile
    from hht.simulator.air.pcap import check_place

    if pcap:
        check_place(pcap)
    if profile:
        load_profile(profile)  # an unknown name is refused before anything starts
    behaving = ("--profile", profile) if profile else ()
    return (*seeding, *capturing, *behaving)
