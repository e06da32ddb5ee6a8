"""What is wanted now and then: one list for the menu behind M and for the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.shell import Place

if TYPE_CHECKING:
    from screens.shell import Shell

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


def offered(shell: Shell, *, has_job: bool, has_pin: bool) -> list[Place]:
    """Return what can be done in this mode, with what is kept on this handheld."""
    context = shell.context
    training = context.exercise is not None
    can = {
        Place.LIVE: not context.fence,
        Place.FETCH: context.fetch is not None,
        Place.SURVEY: shell.view is not None,  # the dongle is opened with a job
        Place.PROFILE: has_job,
        Place.REPLAY: has_job,
        Place.LOCK: has_pin,
    }
    others = LIVE_ONLY if training else TRAINING_ONLY
    return [each for each in ENTRIES if each not in others and can.get(each, True)]
