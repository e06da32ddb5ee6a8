"""A survey on a visit: spot after spot, until it is stopped; drawn as it grows, kept in a file."""

from collections.abc import Collection, Sequence
from pathlib import Path

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError, InputError
from hht.files import private_folder, read_input, write_whole
from hht.journeys.plan.not_ready import NotReady
from hht.radio.dongle import Dongle
from hht.store import CommandRow
from hht.store.command_states import is_under_way
from hht.survey.growing import grown, joined
from hht.survey.measuring import listen
from hht.survey.picture import EMPTY, Picture, picture_of
from hht.survey.survey_file import check_spot, read_survey, write_survey

FIRST_SPOT = "here"
_MOST_PASSES = 1000  # hours of measuring: the engineer ends it long before


def interrupted(rows: Sequence[CommandRow], hub: EntityId | None) -> NotReady:
    """Return what a survey on the HAN would interrupt: it leaves the hub's channel."""
    under_way = [f"{row.position + 1} {row.title}" for row in rows if is_under_way(row.state)]
    what = "A survey would interrupt the connection: what the hub sends meanwhile would be missed"
    if under_way:
        what = f"A survey would interrupt what is being delivered: {', '.join(under_way)}"
    return NotReady(what, where=str(hub), remedy="Leave the HAN first.")


class Surveying:
    """Every pass that was heard on this visit; `plan` are the channels of the building's plan.

    `spot` is the name of the engineer's place.
    """

    def __init__(self, plan: Collection[int], clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self.survey = EMPTY
        self.spot = FIRST_SPOT
        self.picture: Picture | None = None
        """What is known by now; None before the first scan."""

    async def listen(self, dongle: Dongle, hub: EntityId | None) -> None:
        """Make passes until it is cancelled; a pass that is cut short is not counted."""
        ours = () if hub is None else (hub,)
        duration, spot = self.survey.duration, self.spot
        scans = listen(
            dongle, spot, passes=_MOST_PASSES, clock=self._clock, duration=duration, ours=ours
        )
        async for heard in scans:
            seen = grown(self.survey, spot, heard)
            self.picture = picture_of(seen, self._plan)
            if heard.complete:
                self.survey = seen

    def stand_at(self, spot: str) -> None:
        """Make the next passes at this spot; InputError for a name that no file can hold."""
        check_spot(spot)
        self.spot = spot

    def load(self, path: Path) -> None:
        """Add what a survey file has; InputError where it is none, or of another duration."""
        self.survey = joined(self.survey, read_survey(read_input(path), str(path)), str(path))
        self.picture = picture_of(self.survey, self._plan)

    def save(self, path: Path) -> None:
        """Keep the survey in a file; what a survey file of that name has already stays in it."""
        if not self.survey.spots:
            raise InputError("No pass is complete yet", remedy="Listen for some seconds first.")
        whole = self.survey
        if path.exists():
            whole = joined(read_survey(read_input(path), str(path)), whole, str(path))
        private_folder(path.parent)
        try:
            write_whole(path, write_survey(whole))
        except OSError as error:
            what = f"The survey can't be written ({error.strerror})"
            raise HhtError(what, where=str(path), remedy="Give another place.") from None
