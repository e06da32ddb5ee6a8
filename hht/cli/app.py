"""The app's two beginnings: a training run with its simulated hub, and live work with a dongle."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from hht.cli.context import Context
from hht.cli.databases import open_store
from hht.cli.uploading import uploader
from hht.errors import HhtError
from screens.app import HhtApp
from screens.context import HhtContext, RadioKit

if TYPE_CHECKING:
    from hht.cli.debriefing import Notebook
    from hht.cli.training_run import TrainingRun
    from hht.journeys.events import Event
    from hht.store import Store
    from hht.training.debrief import Debrief

DEFAULT_PROFILE = "stand-in"


def training_app(settings: Context, title: str, start_run: Callable[[], "TrainingRun"]) -> HhtApp:
    """The app in training mode; the run is settled, and its hub started, only when needed."""
    backing = TrainingBacking(settings, start_run)
    return HhtApp(
        HhtContext(
            data_dir=settings.data_dir,
            mode="training",
            open_store=backing.open_store,
            equip=backing.equip,
            radio_url=settings.radio,
            title=title,
            close=backing.close,
            exercise=backing,
            upload=uploader(settings.data_dir),
        )
    )


class TrainingBacking:
    """What the app asks for in training mode, made on first use in the app's working thread."""

    def __init__(self, settings: Context, start_run: Callable[[], "TrainingRun"]) -> None:
        self.settings = settings
        self._start_run = start_run
        self._as_expected = False
        self._store: Store | None = None

    @cached_property
    def run(self) -> "TrainingRun":
        """The run that is being played."""
        return self._start_run()

    def open_store(self) -> "Store":
        """Open the training database, with the scenario's job in it."""
        self._store = self.run.open_store()
        return self._store

    def equip(self, job_id: int) -> RadioKit:
        """Start the simulated hub unless --radio named one, and hand over the HHT's credentials."""
        run = self.run
        if not self.settings.radio:
            self._refuse_job_of_another(job_id)
        address = self.settings.radio or run.start_hub()
        return RadioKit(address, run.identity, run.profile, run.keys, run.clock, run.site.speed)

    def _refuse_job_of_another(self, job_id: int) -> None:
        """Hubs of other exercises have this one's name, and would be given its Local Commands."""
        if self._store is None or self._store.job(job_id).hub_gpf is None:
            return
        if job_id != self.job_id():
            raise HhtError(
                "This job is not of the exercise that was started",
                where=self.run.scenario.title,
                remedy="Open this exercise's job, or start the other one with 'hht train NAME'.",
            )

    def job_id(self) -> int:
        """The job of the exercise that was started."""
        store = self._store or self.open_store()
        return store.add_job(self.run.pack).id

    def briefing(self) -> tuple[str, str]:
        """The scenario's title and briefing."""
        return self.run.scenario.title, self.run.scenario.briefing

    def power_cycle(self) -> object:
        """Switch the simulated hub off and on."""
        return self.run.power_cycle()

    @cached_property
    def notebook(self) -> "Notebook":
        """What happened on the visit."""
        from hht.cli.debriefing import Notebook

        return Notebook()

    def note(self, event: "Event") -> None:
        """Something happened on the visit."""
        self.notebook.note(event)

    def debrief(self, store: "Store", job_id: int) -> "Debrief":
        """Judge the play."""
        told = self.notebook.debrief(self.run, store, job_id)
        self._as_expected = told.as_expected
        return told

    def close(self) -> None:
        """End the simulated hub; mark the run if its job is done."""
        if "run" not in self.__dict__:
            return
        self.run.stop_hub()
        with self.run.open_store() as store:
            self.run.finish(store, as_expected=self._as_expected)


def live_app(settings: Context) -> HhtApp:
    """The app on the live data; or in training mode where --radio is a hub that is being served."""
    from hht.cli.serving import served_run
    from hht.cli.training_run import TrainingRun

    served = served_run(settings.data_dir, settings.radio)
    if served:
        return training_app(
            settings, served.name, lambda: TrainingRun.at(settings.data_dir, served)
        )
    backing = LiveBacking(settings)
    return HhtApp(
        HhtContext(
            data_dir=settings.data_dir,
            mode="live",
            open_store=backing.open_store,
            equip=backing.equip,
            radio_url=settings.radio,
            upload=uploader(settings.data_dir),
        )
    )


class LiveBacking:
    """What the app asks for in live mode: the live database and a real dongle."""

    def __init__(self, settings: Context) -> None:
        self.settings = settings

    @cached_property
    def store(self) -> "Store":
        """The live database; one connection serves the whole app."""
        return open_store(self.settings.data_dir, "live")

    def open_store(self) -> "Store":
        """Open the live database."""
        return self.store

    def equip(self, job_id: int) -> RadioKit:
        """The dongle that --radio names, the HHT's own identity, and the job's hub profile."""
        from hht.cli.own_identity import own_identity
        from hht.cli.radio_option import radio_option
        from hht.zse.hub_profile import load_profile

        if not self.settings.radio:
            raise HhtError("No dongle was named", remedy=f"Start again with {radio_option()}.")
        identity = own_identity(self.settings.data_dir, self.store)
        profile = self.store.job(job_id).profile or DEFAULT_PROFILE
        return RadioKit(self.settings.radio, identity, load_profile(profile))
