"""The state of a visit, frozen, for the screens and commands that show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.journeys.connect import ConnectState, Step, WindowCertainty
from hht.journeys.firmware.firmware_journey import FirmwareView
from hht.journeys.install.install_view import InstallView
from hht.journeys.move.events import OutsidePlan
from hht.journeys.move.expected import Expected
from hht.journeys.move.standing import MoveView
from hht.journeys.pairing.joining import JoiningTime
from hht.journeys.pairing.pairing_journey import PairingView
from hht.journeys.plan.lost_response import LostResponse
from hht.journeys.plan.plan import Counts, Plan
from hht.store import CommandRow, JobRow

if TYPE_CHECKING:
    from hht.journeys.journal import Journal
    from hht.journeys.link.connection import Connector
    from hht.journeys.move.move_journey import MoveJourney
    from hht.session.discovery import HubSeen


@dataclass(frozen=True, slots=True)
class HubView:
    """A hub that answered the scan."""

    gpf: EntityId
    channel: int
    pan_id: int
    lqi: int
    rssi: int

    @property
    def at(self) -> tuple[int, int]:
        """Channel and PAN id, which distinguish two with one Extended PAN ID."""
        return self.channel, self.pan_id


@dataclass(frozen=True, slots=True)
class VisitView:
    """Everything a screen shows of a visit; `lqi` and `rssi` are of the last thing heard.

    `install` is there where the job is about the hub itself, too, `pairing` where it pairs Devices,
    `move` while a change of channel is under way or owes a second look, `outside_plan` while the
    hub is on a channel that its building does not use, `expected` how long a move lasts, by the id
    of each Local Command still to go that may set one going. `has_window` is False where the hub
    profile has no limit to inter-PAN; `window_set` is where the engineer has set its beginning, as
    long as that can be taken back.

    Clocks are in whole seconds, None where none runs. `next_command` is the one that
    `deliver_next` would take. `lost` says of each Local Command whose Response was not kept, by its
    id, how it may be had again, `failed_later` of each that was accepted and not carried out when
    its time came, why, `not_joined` of each that was answered and whose Device has not joined,
    which. `absent` is the Device that `next_command` needs and that has not joined. `clock_apart`
    is how far the handheld's clock is ahead of the Devices', None where they are near enough.
    `asleep` is until when each Device sleeps that is known to.
    """

    job_id: int
    job_hub: EntityId | None
    hub: EntityId | None
    state: ConnectState
    connected: bool
    done: dict[Step, bool]
    hubs: tuple[HubView, ...]
    lqi: int | None
    rssi: int | None
    window_seconds_left: int | None
    residency_seconds_left: int | None
    commands: tuple[CommandRow, ...]
    next_command: CommandRow | None
    counts: Counts
    returns_waiting: int
    has_window: bool = True
    window_certainty: WindowCertainty = WindowCertainty.UNKNOWN
    window_set: datetime | None = None
    heard_seconds_ago: float | None = None
    install: InstallView | None = None
    pairing: PairingView | None = None
    firmware: FirmwareView | None = None
    move: MoveView | None = None
    outside_plan: OutsidePlan | None = None
    expected: Mapping[int, Expected] = field(default_factory=dict)
    lost: Mapping[int, LostResponse] = field(default_factory=dict)
    failed_later: Mapping[int, str] = field(default_factory=dict)
    not_joined: Mapping[int, EntityId] = field(default_factory=dict)
    absent: EntityId | None = None
    clock_apart: timedelta | None = None
    asleep: Mapping[EntityId, datetime] = field(default_factory=dict)

    @property
    def may_still_report(self) -> bool:
        """Whether a Device may report firmware to a HHT that has not left its HAN."""
        is_member = self.hub is not None and bool(self.residency_seconds_left)
        return is_member and self.firmware is not None and self.firmware.is_awaiting

    @property
    def awaited(self) -> JoiningTime | None:
        """The Device that has to join before the next step, where the HHT could go on then."""
        return self.pairing.awaited if self.pairing and self.connected else None


def view_of(
    job: JobRow,
    journal: "Journal",
    connector: "Connector",
    plan: Plan,
    next_command: CommandRow | None,
    returns_waiting: int,
    install: InstallView | None,
    pairing: PairingView | None,
    firmware: FirmwareView | None,
    failed_later: Mapping[int, str],
    not_joined: Mapping[int, EntityId],
    absent: EntityId | None,
    move: "MoveJourney",
    clock_apart: timedelta | None,
    asleep: Mapping[EntityId, datetime],
) -> VisitView:
    """Put together the state of a visit."""
    connect, quality = journal.connect, connector.quality
    heard = journal.clock.elapsed() - connector.heard_at if quality else None
    # A hub that is connected to has sent again by now what it had.
    may_repeat = connector.tunnel is None and journal.hub_may_repeat
    return VisitView(
        job_id=job.id,
        job_hub=job.hub_gpf,
        hub=connect.hub,
        state=connect.state,
        connected=connector.tunnel is not None,
        done={step: connect.done(step) for step in Step},
        hubs=tuple(_hub_view(hub) for hub in connector.hubs),
        lqi=quality.lqi if quality else None,
        rssi=quality.rssi if quality else None,
        window_seconds_left=journal.window_seconds_left(),
        residency_seconds_left=journal.residency_seconds_left(),
        commands=plan.rows,
        next_command=next_command,
        counts=plan.counts(),
        returns_waiting=returns_waiting,
        has_window=journal.has_window,
        window_certainty=connect.window_certainty,
        window_set=connect.window_started if connect.window_before else None,
        heard_seconds_ago=heard,
        lost=plan.lost(hub_may_repeat=may_repeat),
        install=install,
        pairing=pairing,
        firmware=firmware,
        failed_later=failed_later,
        not_joined=not_joined,
        absent=absent,
        move=move.view if move.move.is_open else None,
        outside_plan=move.outside_plan,
        expected={row.id: wait for row in plan.rows if (wait := move.ahead_of(row))},
        clock_apart=clock_apart,
        asleep=asleep,
    )


def _hub_view(hub: "HubSeen") -> HubView:
    beacon = hub.beacon
    return HubView(hub.gpf, beacon.channel, beacon.pan_id, beacon.lqi, beacon.rssi)
