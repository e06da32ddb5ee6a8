"""What can go wrong with the dongle, each failure with its one line and what to do next."""

from enum import StrEnum

from hht.errors import HhtError


class DongleError(HhtError):
    """Any failure of the dongle or of what it was asked to do on the air."""

    code = "RAD-01"


class DongleAbsent(DongleError):
    """The address leads to no dongle that can be opened."""

    code = "RAD-02"


class AddressUnfit(DongleAbsent):
    """What was written for an address is none, so that nothing was opened."""

    exit_code = 2


class DongleSilent(DongleError):
    """Something may be there, but nothing that it says can be read."""

    code = "RAD-03"

    def __init__(
        self,
        where: str,
        what: str = "The dongle does not answer",
        remedy: str = "Unplug it and plug it in again.",
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)


class WrongDevice(DongleError):
    """What answers is known, and is no EZSP network co-processor."""

    code = "RAD-14"


class FirmwareUnfit(DongleError):
    """An EZSP network co-processor answers, but none that this program can use."""

    code = "RAD-15"


class DongleLost(DongleError):
    """The dongle went away while it was in use: unplugged, reset, closed or fallen silent."""

    code = "RAD-04"

    def __init__(
        self, where: str, reason: str, remedy: str = "Plug it in again, then connect again."
    ) -> None:
        super().__init__(f"The dongle went away ({reason})", where=where, remedy=remedy)


class DongleSlow(DongleLost):
    """The dongle answers, but all that it has to be asked takes too long."""

    code = "RAD-16"

    def __init__(self, where: str) -> None:
        DongleError.__init__(
            self,
            "The dongle does not answer everything in time",
            where=where,
            remedy="Unplug it and plug it in again, into another USB port; where a server has it, "
            "restart the server.",
        )


_OTHER_FIRMWARE = "Try again; if it happens again, write other EmberZNet NCP firmware to it."


class DongleRefused(DongleError):
    """The dongle said no to a command; `status` is its word for why."""

    code = "RAD-05"

    def __init__(
        self,
        where: str,
        command: str,
        status: str,
        remedy: str = _OTHER_FIRMWARE,
    ) -> None:
        super().__init__(f"The dongle refused {command}", where=where, remedy=remedy)
        self.command = command
        self.status = self.word = status


class ScanTimeout(DongleError):
    """A scan began and never ended."""

    code = "RAD-06"

    def __init__(self, where: str, seconds: float) -> None:
        super().__init__(
            f"The scan did not end within {seconds:g} s",
            where=where,
            remedy="Scan again; if it happens again, unplug the dongle and plug it in again.",
        )


class JoinFailure(StrEnum):
    """Why a join did not end in the HAN."""

    NO_BEACON = "the network was not heard or does not admit anyone"
    REFUSED = "the network refused the association"
    NO_NETWORK_KEY = "no network key came that our link key opens"
    KEY_IN_CLEAR = "the network key came unprotected and was not taken"
    SECURITY = "the link key could not be set up"
    NO_ANSWER = "nothing was heard in time"
    OTHER = "the dongle gave another reason"


class JoinFailed(DongleError):
    """The join ended outside the HAN; `reason` is the kind, `status` the dongle's own word."""

    code = "RAD-07"

    def __init__(self, where: str, reason: JoinFailure, status: str) -> None:
        super().__init__(
            f"Not joined: {reason.value}",
            where=where,
            remedy="Check that the hub has admitted this HHT and that its Install Code is right.",
        )
        self.reason = reason
        self.status = self.word = status


class NotDelivered(DongleError):
    """No acknowledgement of a message came: it may have arrived all the same."""

    code = "RAD-08"

    def __init__(self, where: str, status: str) -> None:
        super().__init__(
            "The message was not acknowledged",
            where=where,
            remedy="Move closer to the hub and try again.",
        )
        self.status = self.word = status


class NetworkLost(DongleError):
    """The dongle is no longer a member of the HAN: removed by the hub, or its parent is gone."""

    code = "RAD-09"

    def __init__(self, where: str) -> None:
        super().__init__(
            "The dongle is not a member of a HAN",
            where=where,
            remedy="Connect to the hub again.",
        )


class NoEndpoint(DongleError):
    """A node answered, but none of its endpoints serves the cluster."""

    code = "RAD-10"

    def __init__(self, where: str, cluster: int) -> None:
        super().__init__(
            f"The hub has no endpoint for cluster 0x{cluster:04X}",
            where=where,
            remedy="Check that this is a Communications Hub, and connect again.",
        )
