"""An app of a trainer's: its keys act at once, and what a scanner types is none of them."""

from __future__ import annotations

from textual.events import Event as TerminalEvent
from textual.events import Key

from hht.texts import text
from screens.ending.orderly import OrderlyApp
from screens.keys.key_gate import KeyGate
from screens.keys.scanner_gate import GAP_SECONDS, shown


class GatedApp(OrderlyApp):
    """An app whose letters and digits pull levers, unless they come as a scanner's burst."""

    def __init__(self) -> None:
        super().__init__()
        self._keys = KeyGate(self, super().on_event, self.scan, GAP_SECONDS)

    async def on_event(self, event: TerminalEvent) -> None:
        """Let every key through the key gate; everything else goes its way."""
        if isinstance(event, Key) and not event.is_forwarded and self.screen_stack:
            await self._keys.take(event)
        else:
            await super().on_event(event)

    def refuse_scan(self, label: str) -> None:
        """Say that a label pulls nothing here."""
        self.notify(text("scan.not_asked_for", label=shown(label)), severity="warning")
