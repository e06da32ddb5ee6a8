"""How long each step onto the HAN waits for a hub that answers nothing, before it gives up."""

from typing import TYPE_CHECKING

from hht.journeys.connect import Step
from hht.session import key_agreement, tunnel_opening
from hht.session.discovery import SCAN_SECONDS
from hht.session.membership import JOIN_SECONDS

if TYPE_CHECKING:
    from hht.hub_profile import HubProfile


def seconds_of_silence(step: Step, profile: "HubProfile") -> float | None:
    """Return after how many seconds without an answer a step gives up; None where it asks nothing.

    On the HAN the radio's own repeats of a lost frame come on top, a few seconds for each.
    """
    key_agreed = key_agreement.TRIES * key_agreement.ANSWER_SECONDS
    tunnel_open = tunnel_opening.TRIES * tunnel_opening.ANSWER_SECONDS
    if profile.tunnel_hub_opens:
        tunnel_open += profile.tunnel_wait_seconds
    return {
        Step.SCAN: SCAN_SECONDS,
        Step.LINK_KEY: key_agreed,
        Step.ADMISSION: float(profile.admission_timeout_seconds),
        Step.JOIN: JOIN_SECONDS,
        Step.HAN_KEY: key_agreed,
        Step.TUNNEL: tunnel_open,
    }.get(step)
