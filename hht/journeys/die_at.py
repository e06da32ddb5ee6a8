"""Where a test may kill the app: just before it publishes an event, all its effects committed."""

import os
import signal
from collections.abc import Callable

from hht.events import Event

VARIABLE = "HHT_DIE_AT"
"""`<event name>:<n>`: kill -9 at the nth such event of this process."""

Publish = Callable[[Event], object]


def with_kill_point(publish: Publish) -> Publish:
    """Return `publish` itself, unless a test has asked for this process to die."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return publish
    name, _, number = wanted.partition(":")
    left = int(number)

    def publish_or_die(event: Event) -> object:
        nonlocal left
        left -= event.name == name
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return publish(event)

    return publish_or_die
