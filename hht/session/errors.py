"""What can go wrong between the HHT and a hub, each with one line and what to do next."""

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.spans import counted


class SessionError(HhtError):
    """Any failure of a session with a hub."""

    code = "HUB-01"


class HubSilent(SessionError):
    """The hub did not answer within its time."""

    code = "HUB-02"

    def __init__(self, hub: EntityId, step: str) -> None:
        super().__init__(
            f"The hub did not answer ({step})",
            where=str(hub),
            remedy="Move closer to the hub and try again.",
        )


class WindowClosed(SessionError):
    """The hub answers nothing over inter-PAN, as it does once its window has closed.

    `doubt` says why it may be that the dongle does not hear it.
    """

    code = "HUB-03"

    def __init__(self, hub: EntityId, minutes: int | None, doubt: str = "") -> None:
        for_so_long = f"is open for {counted(minutes or 0, 'minute')} from power-on"
        limit = for_so_long if minutes else "opens at power-on"
        remedy = f"Power-cycle the hub: the inter-PAN window {limit}. Then scan again."
        if doubt:
            remedy += f" If it stays so, use another dongle: {doubt}."
        super().__init__("The hub does not answer over inter-PAN", where=str(hub), remedy=remedy)


class WrongHub(SessionError):
    """The hub's certificate names another device than the one that was confirmed."""

    code = "HUB-04"

    def __init__(self, hub: EntityId) -> None:
        super().__init__(
            "The hub's certificate does not name the hub you confirmed",
            where=str(hub),
            remedy="Do not go on: check the label, scan again and pick the hub on it.",
        )


class CertificateUnfit(SessionError):
    """The hub's certificate is its own, and out of its validity or for another use."""

    code = "HUB-12"

    def __init__(self, hub: EntityId, doubt: str) -> None:
        super().__init__(
            f"The hub's certificate {doubt}",
            where=str(hub),
            remedy="Check the date of this handheld; if it is right, the hub's maker must help.",
        )


class CbkeFailed(SessionError):
    """Key establishment was ended by one of the two sides."""

    code = "HUB-05"

    def __init__(self, hub: EntityId, reason: str) -> None:
        super().__init__(
            f"Key establishment with the hub failed ({reason})",
            where=str(hub),
            remedy="Try again; if it fails again, the HHT's certificate is not one this hub takes.",
        )


class AdmissionRefused(SessionError):
    """The CCS01 Response says that the hub did not add the HHT to its Device Log."""

    code = "HUB-06"

    def __init__(self, hub: EntityId, reason: str) -> None:
        super().__init__(
            f"The hub did not add the HHT to its CHF Device Log ({reason})",
            where=str(hub),
            remedy="Check the HHT's Install Code; if the Device Log is full, a Device must go.",
        )


class JoinRefused(SessionError):
    """The hub's trust centre did not let the HHT in, or its key did not fit."""

    code = "HUB-07"

    def __init__(self, hub: EntityId, reason: str, word: str = "") -> None:
        super().__init__(
            f"The hub did not let the HHT join its HAN ({reason})",
            where=str(hub),
            remedy="Check that the HHT's Install Code is right and not mistyped, then try again.",
        )
        self.word = word


class FitsNoFrame(SessionError):
    """The HHT's CCS01 is longer than a radio frame, and its hub's profile allows no fragments."""

    def __init__(self, size: int, profile: str) -> None:
        super().__init__(
            f"The CCS01 of {size} bytes does not fit a frame, and the hub's profile has "
            "admission_fragmentation = false",
            where=profile,
            remedy=f"Set admission_fragmentation = true in the profile {profile}.",
        )


class TunnelRefused(SessionError):
    """The hub would not open a tunnel."""

    code = "HUB-08"

    def __init__(self, hub: EntityId, reason: str) -> None:
        super().__init__(
            "The hub opened no tunnel",
            where=str(hub),
            remedy="Connect again in three minutes; if it goes on, power-cycle the hub.",
        )
        self.word = reason


class TunnelClosed(SessionError):
    """The hub closed the tunnel, or knows nothing of it any more."""

    code = "HUB-09"

    def __init__(self, hub: EntityId) -> None:
        super().__init__(
            "The hub closed the tunnel", where=str(hub), remedy="Connect to the hub again."
        )


class MembershipEnded(SessionError):
    """The hub ended the HHT's membership of its HAN."""

    code = "HUB-10"

    def __init__(self, hub: EntityId) -> None:
        super().__init__(
            "The hub ended the HHT's membership of its HAN",
            where=str(hub),
            remedy="Connect again: a power cut or 18 hours of membership end it.",
        )
