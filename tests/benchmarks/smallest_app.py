"""The smallest Textual app that paints a screen and answers a key, to compare others with."""

from textual.app import App, ComposeResult
from textual.widgets import Static

MARKER = "PAINTED"


class Smallest(App[None]):
    """A text; each key turns it round."""

    def compose(self) -> ComposeResult:
        yield Static(MARKER)

    def on_key(self) -> None:
        text = self.query_one(Static)
        text.update(str(text.content)[::-1])


if __name__ == "__main__":
    Smallest().run()
