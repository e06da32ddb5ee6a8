"""The app's two beginnings: a training run with its simulated hub, and live work with a dongle."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.cli.context import Context
from hht.journeys.equipment import LiveEquipment
from hht.outbox.auto_upload import uploader
from hht.training.exercise.backing import ExerciseBacking
from screens.app import HhtApp
from screens.context import HhtContext

if TYPE_CHECKING:
    from hht.training.exercise.run import TrainingRun


def training_app(settings: Context, title: str, start_run: Callable[[], "TrainingRun"]) -> HhtApp:
    """The app in training mode; the run is settled, and its hub started, only when needed."""
    backing = ExerciseBacking(settings.radio, start_run)
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


def live_app(settings: Context) -> HhtApp:
    """The app on the live data; or in training mode where --radio is a hub that is being served."""
    from hht.training.exercise.run import TrainingRun
    from hht.training.exercise.served_runs import served_run

    served = served_run(settings.data_dir, settings.radio)
    if served:
        return training_app(
            settings, served.name, lambda: TrainingRun.at(settings.data_dir, served)
        )
    backing = LiveEquipment(settings.data_dir, settings.radio)
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
