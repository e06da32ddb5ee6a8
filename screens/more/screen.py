"""The menu behind M: import, dongle, identity, practise, inspect, check-up, and what hht is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from screens.base import HhtScreen
from screens.catalogue import text
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row, numbered

LIVE_ONLY = (
    Place.DONGLE,
    Place.IDENTITY,
    Place.PROFILE,
    Place.BEGIN,
    Place.GATEWAY,
    Place.PIN,
)
TRAINING_ONLY = (Place.LIVE, Place.HINT, Place.EARLIER)
ENTRIES = (
    Place.IMPORT,
    Place.PRACTISE,
    Place.FETCH,
    Place.BEGIN,
    Place.LIVE,
    Place.HINT,
    Place.EARLIER,
    Place.DONGLE,
    Place.IDENTITY,
    Place.GATEWAY,
    Place.SURVEY,
    Place.PROFILE,
    Place.INSPECTOR,
    Place.REPLAY,
    Place.CERTIFICATE,
    Place.CHECK_UP,
    Place.THEME,
    Place.BELL,
    Place.GLOVE,
    Place.PIN,
    Place.LOCK,
    Place.MANUAL,
    Place.ABOUT,
)


class MoreScreen(HhtScreen):
    """Everything here is also in the palette."""

    HELP = "more"
    BINDINGS = [Binding("m", "back", show=False)]

    def body(self) -> ComposeResult:
        yield NumberedList(title=text("more.title"), id="entries")

    def opened(self) -> None:
        """Fill in what can be done in this mode."""
        training = self.shell.context.exercise is not None
        left_out: tuple[Place, ...] = LIVE_ONLY if training else TRAINING_ONLY
        if self.shell.context.fence:
            left_out = (*left_out, Place.LIVE)
        if self.shell.context.fetch is None:
            left_out = (*left_out, Place.FETCH)
        if self.shell.view is None:  # the dongle is opened with a job
            left_out = (*left_out, Place.SURVEY)
        entries = [place for place in ENTRIES if place not in left_out]
        self.query_one(NumberedList).set_rows(
            [
                Row(
                    place,
                    Content(text(f"more.{place}")),
                    Content.styled(text(f"more.{place}_detail"), "$text-muted"),
                    lead=numbered(number),
                )
                for number, place in enumerate(entries, 1)
            ]
        )
        self.refresh_offer()

    def offer(self) -> Offer:
        """Open what is under the cursor."""
        row = self.query_one(NumberedList).current
        return Offer(text("action.open", what=row.head.plain), "open") if row else Offer("")

    def on_numbered_list_highlighted(self) -> None:
        """Offer what the entry under the cursor does."""
        self.refresh_offer()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Open the entry with that number."""
        self.action_open()

    def action_open(self) -> None:
        """Open the entry under the cursor, in place of the menu."""
        row = self.query_one(NumberedList).current
        if row and self.is_current:
            self.dismiss()
            self.shell.go(Place(str(row.key)))
