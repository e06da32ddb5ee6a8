"""The failures by which a hub is not heard, also after it changed its channel."""

from hht.errors import HhtError


class HubNotHeard(HhtError):
    """The hub that is wanted was not among those that answered the scan."""

    code = "HUB-11"


class HubStillMoving(HubNotHeard):
    """A hub that changes its channel is not heard, and its time is not over."""

    code = "HUB-15"


class HubNotBackAgain(HubNotHeard):
    """A hub that changed its channel is not heard, though its time is over."""

    code = "HUB-13"
