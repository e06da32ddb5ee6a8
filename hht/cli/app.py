"""The app's beginnings: a training run with its simulated hub, and live work with a dongle."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from hht.cli.settings import Context
from hht.journeys.equipment import LiveEquipment
from hht.outbox.auto_upload import fetcher, uploader
from screens.app import HhtApp
from screens.context import ExerciseLine, HhtContext
from screens.remembered import keep_text, read_text

if TYPE_CHECKING:
    from hht.training.exercise.run import TrainingRun

DONGLE = "dongle"
"""The file in the data folder with the address that was chosen in the app."""


def training_app(settings: Context, title: str, start_run: Callable[[], "TrainingRun"]) -> HhtApp:
    """Return the app in training mode.

    The run is settled, and its hub started, only when needed.
    """
    return HhtApp(training_context(settings, title, start_run))


def live_app(settings: Context) -> HhtApp:
    """Return the app on the live data.

    Or in training mode where --radio is a hub that is being served.
    """
    from hht.training.exercise.served_runs import served_run

    served = served_run(settings.data_dir, settings.radio)
    if served:
        from hht.training.exercise.run import TrainingRun

        return training_app(
            settings, served.name, lambda: TrainingRun.at(settings.data_dir, served)
        )
    return HhtApp(live_context(settings))


def training_context(
    settings: Context,
    title: str,
    start_run: Callable[[], "TrainingRun"],
    beginnings: "Beginnings | None" = None,
) -> HhtContext:
    """Return the context of an exercise; `beginnings` knows the dongle of the live jobs."""
    from hht.training.exercise.backing import ExerciseBacking  # live work needs none of it

    backing = ExerciseBacking(settings.radio, start_run)
    return HhtContext(
        data_dir=settings.data_dir,
        mode="training",
        open_store=backing.open_store,
        equip=backing.equip,
        radio_url=settings.radio,
        title=title,
        close=backing.close,
        exercise=backing,
        clock=backing.clock,
        is_paused=lambda: backing.clock.is_paused,
        upload=uploader(settings.data_dir),
        beginnings=beginnings or Beginnings(settings),
    )


def live_context(settings: Context) -> HhtContext:
    """Return the context of the live jobs; without --radio the dongle is what was chosen last."""
    radio = settings.radio or read_text(settings.data_dir / DONGLE) or None
    backing = LiveEquipment(settings.data_dir, radio)
    beginnings = Beginnings(settings)
    return HhtContext(
        data_dir=settings.data_dir,
        mode="live",
        open_store=backing.open_store,
        equip=backing.equip,
        radio_url=radio,
        upload=uploader(settings.data_dir),
        fetch=fetcher(settings.data_dir),
        beginnings=beginnings,
        choose_radio=partial(beginnings.choose_radio, backing),
    )


class Beginnings:
    """How the app begins again in the same window."""

    def __init__(self, settings: Context) -> None:
        self._settings = settings

    def choose_radio(self, backing: LiveEquipment, address: str) -> None:
        """Use this dongle for the live jobs, after practice and after the next start, too."""
        backing.radio = address
        keep_text(self._settings.data_dir / DONGLE, address)
        self._settings = Context(self._settings.data_dir, address)

    def exercises(self) -> list[ExerciseLine]:
        """Return every exercise there is."""
        from hht.training.exercise.choice import choices

        return [
            ExerciseLine(
                choice.scenario.name,
                choice.scenario.title,
                choice.scenario.briefing,
                choice.scenario.par_minutes,
                choice.last_points,
                choice.goes_on,
            )
            for choice in choices(self._settings.data_dir)
        ]

    def exercise(self, name: str, *, again: bool = False) -> HhtContext:
        """Begin an exercise with a simulated hub of its own, or go on with it.

        With `again` it begins again as before, with the same seed.
        """
        from hht.training.exercise.run import TrainingRun
        from hht.training.exercise.starting import begin_again

        settings = Context(self._settings.data_dir, None)
        begin = partial(begin_again if again else TrainingRun.begin, settings.data_dir, name)
        return training_context(settings, name, begin, self)

    def earlier(self, name: str, step: str) -> HhtContext:
        """Begin an exercise again at an earlier step, on the terms of its newest run."""
        from hht.training.exercise.starting import way_back

        begin = way_back(self._settings.data_dir, name, step)
        return training_context(Context(self._settings.data_dir, None), name, begin, self)

    def live(self) -> HhtContext:
        """Go to the live jobs."""
        return live_context(self._settings)
