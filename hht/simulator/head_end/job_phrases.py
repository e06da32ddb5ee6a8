"""The phrases of a job: which Devices each may name, and its Service Requests.

A phrase such as "join ESME PPMID" is one row of PHRASES. Its Requests are what a supplier would
send to the DCC; the composer makes the Local Commands of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.join_log import PAIRS
from hht.simulator.devices.core.rules import rules
from hht.simulator.devices.types.chf_mask import CHANNELS
from hht.simulator.head_end.compose import KNOW_NO_SUPPLIER, payloads
from hht.simulator.site.images import activation_hash
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Step

JOIN_SECONDS = 3600
"""The longest joining time that a Service Request may ask for (DUIS)."""
CLOCK_TOLERANCE = timedelta(days=1)
"""The most that a Service Request may allow (DUIS): a job waits for hours or days."""
# Either way, so that a visit's whole log is read whatever the clocks say.
LOG_DAYS = timedelta(days=1)
DRAFT = "DRAFT"
"""In place of a Service Reference: what SECMP0012 drafted has none in DUIS 5.4."""
_T = DeviceType
_ACTIVATED = (_T.ESME, _T.GSME, _T.HCALCS)
"""The hub itself has a PPMID run its firmware."""
_LATER = timedelta(minutes=20)
"""Until a future-dated Activate Firmware is carried out: within a visit."""
HUB_LABELS: Mapping[str, DeviceType] = {"CHF": _T.CHF, "GPF": _T.GPF}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One Service Request of a phrase, for the Device with the label `target`.

    `variant` is the Service Reference Variant, `body` the texts of the body element's children by
    path. `others` are the labels of other Devices that it is about; `follows` says that it may
    succeed only after the Request before it.
    """

    title: str
    target: str
    variant: str
    name: str
    body: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """How many labels follow, which Device types `fits`, and the Requests for those labels.

    Of one that `takes_channels` numbers of 2.4 GHz channels follow in place of labels.
    """

    labels: int
    fits: Callable[[tuple[DeviceType, ...]], bool]
    requests: Callable[[Site, datetime, tuple[str, ...]], Iterator[Wanted]]
    takes_channels: bool = False


def parse_step(phrase: str, devices: Mapping[str, DeviceType]) -> Step:
    """Read "join ESME PPMID"; ValueError says what is wrong with the phrase."""
    kinds = {**devices, **HUB_LABELS}
    begins = (each for each in PHRASES if phrase == each or phrase.startswith(f"{each} "))
    action = max(begins, key=len, default=None)
    if action is None:
        raise ValueError(f"{phrase!r} is not one of the Commands a job can have")
    labels = tuple(phrase.removeprefix(action).split())
    if PHRASES[action].takes_channels:
        return Step(action, _numbers(phrase, labels))
    for label in labels:
        if label not in kinds:
            raise ValueError(f"{phrase!r} names {label!r}, which is no Device here")
    known = PHRASES[action]
    if len(labels) != known.labels or not known.fits(tuple(kinds[label] for label in labels)):
        raise ValueError(f"{phrase!r} is no Command for these Devices")
    return Step(action, labels)


def _numbers(phrase: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Read the channels of a mask; one that is none is composed all the same: a hub refuses it."""
    if not all(word.isdecimal() and int(word) in CHANNELS for word in words):
        raise ValueError(f"{phrase!r} names a channel that is not from 11 to 26")
    return words


def requests_of(step: Step, site: Site, now: datetime) -> Iterator[Wanted]:
    """Return the Service Requests of one step of the site's job, as sent at `now`."""
    return PHRASES[step.action].requests(site, now, step.labels)


def _add(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    (label,) = labels
    device = site.device(label)
    code = device.install_code
    if device.spec.install_code_wrong:
        code = bytes(reversed(code))
    body = {
        "DeviceID": str(device.entity_id),
        "RequestType": "Add",
        "AddDeviceToCHFWhitelist/JoinTimePeriod": str(JOIN_SECONDS),
        "AddDeviceToCHFWhitelist/InstallCode": code.hex().upper(),
    }
    title = f"Let the {label} join the SM HAN"
    yield Wanted(title, "CHF", "8.11", "UpdateHANDeviceLog", body, (label,))


def _remove(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    (label,) = labels
    body = {"DeviceID": str(site.named(label)[1]), "RequestType": "Remove"}
    title = f"Take the {label} out of the CHF Device Log"
    yield Wanted(title, "CHF", "8.11", "UpdateHANDeviceLog", body, (label,))


def _clock(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    (label,) = labels
    tolerance = round(CLOCK_TOLERANCE.total_seconds() * site.speed)
    body = {"CurrentDateTime": now.isoformat(), "TolerancePeriod": str(tolerance)}
    title, name = f"Set the clock of the {label}", "CommissionDeviceSynchroniseClock"
    yield Wanted(title, label, "8.1.1", name, body)


def _join(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    """Request both halves; the second, for a Device that accepts Commands, waits for the first."""
    one, two = labels
    yield _half_join(site, one, two)
    if site.named(two)[0] is not DeviceType.TYPE_2:
        yield _half_join(site, two, one, follows=True)


def _half_join(site: Site, label: str, other: str, *, follows: bool = False) -> Wanted:
    kind, (other_kind, entity) = site.named(label)[0], site.named(other)
    critical = _is_critical(kind, payloads.join_code(kind, other_kind))
    variant, name = ("8.7.1", "Critical") if critical else ("8.7.2", "NonCritical")
    title, body = f"Join the {label} with the {other}", {"OtherDeviceID": str(entity)}
    return Wanted(title, label, variant, f"JoinService{name}", body, (other,), follows)


def _unjoin(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    label, other = labels
    kinds = site.named(label)[0], site.named(other)[0]
    critical = _is_critical(kinds[0], payloads.unjoin_code(*kinds))
    variant, name = ("8.8.1", "Critical") if critical else ("8.8.2", "NonCritical")
    body = {"OtherDeviceID": str(site.named(other)[1])}
    title = f"Unjoin the {label} from the {other}"
    yield Wanted(title, label, variant, f"UnjoinService{name}", body, (other,))


def _read_channel_log(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    """Request what is entered from the day before the visit to the day after it."""
    start, end = now - LOG_DAYS, now + LOG_DAYS
    body = {
        "ReadLogPeriod/StartDateTime": start.isoformat(),
        "ReadLogPeriod/EndDateTime": end.isoformat(),
    }
    yield Wanted("Read the sub-GHz channel log", "CHF", "6.32", "ReadCHFSubGHzChannelLog", body)


def _set_mask(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
    """Request what no DUIS has: the mask of SECMP0012's draft; without channels an empty one."""
    body = {"Channels": ""} | {
        f"Channels/Channel{channel}": "" for channel in sorted(labels, key=int)
    }
    title = f"{DRAFT}: allow channels {', '.join(labels) or 'none'}"
    yield Wanted(title, "CHF", DRAFT, "DraftSetCHFChannelMask", body)


def _is_critical(kind: DeviceType, code: int) -> bool:
    """Return whether the supplier signs it; where the Device knows none, the broker sends it."""
    return rules()[code].protection == "signed" and kind not in KNOW_NO_SUPPLIER


def _activate(
    later: timedelta | None = None,
) -> Callable[[Site, datetime, tuple[str, ...]], Iterator[Wanted]]:
    """Make the request to run the image of the scenario, at once or after a while."""

    def requests(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
        (label,) = labels
        body: dict[str, str] = {}
        when = ""
        if later:
            body["ExecutionDateTime"] = (now + later).strftime("%Y-%m-%dT%H:%M:%S.00Z")
            when = ", later"
        body["FirmwareHash"] = activation_hash(site, label).hex().upper()
        yield Wanted(
            f"Run the new firmware of the {label}{when}", label, "11.3", "ActivateFirmware", body
        )

    return requests


def _plain(
    title: str, variant: str, name: str, body: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Site, datetime, tuple[str, ...]], Iterator[Wanted]]:
    """Make one Request to the Device with the label, or to the CHF where the phrase has none."""

    def requests(site: Site, now: datetime, labels: tuple[str, ...]) -> Iterator[Wanted]:
        target = labels[0] if labels else "CHF"
        yield Wanted(title.format(target), target, variant, name, body)

    return requests


def _always(kinds: tuple[DeviceType, ...]) -> bool:
    return True


def _is_no_hub(kinds: tuple[DeviceType, ...]) -> bool:
    return kinds[0] not in (_T.CHF, _T.GPF)


def _can_join(kinds: tuple[DeviceType, ...]) -> bool:
    """Return whether the first can join with the second, and back where that has Commands too."""
    one, two = kinds
    return (one, two) in PAIRS and (two is _T.TYPE_2 or (two, one) in PAIRS)


def _one_of(*kinds: DeviceType) -> Callable[[tuple[DeviceType, ...]], bool]:
    return lambda named: named[0] in kinds


PHRASES: Mapping[str, Phrase] = {
    "add": Phrase(1, _is_no_hub, _add),
    "remove": Phrase(1, _is_no_hub, _remove),
    "clock": Phrase(1, _one_of(_T.ESME, _T.GSME), _clock),
    "join": Phrase(2, _can_join, _join),
    "unjoin": Phrase(2, lambda kinds: kinds in PAIRS, _unjoin),
    "read joins": Phrase(
        1,
        lambda kinds: kinds[0] not in (_T.CHF, _T.TYPE_2),
        _plain("Read the Device Log of the {}", "8.9", "ReadDeviceLog"),
    ),
    "read firmware": Phrase(
        1,
        _one_of(_T.ESME, _T.GSME, _T.PPMID, _T.HCALCS),
        _plain("Read the firmware version of the {}", "11.2", "ReadFirmwareVersion"),
    ),
    "activate firmware later": Phrase(1, _one_of(*_ACTIVATED), _activate(_LATER)),
    "activate firmware": Phrase(1, _one_of(*_ACTIVATED), _activate()),
    "read log": Phrase(0, _always, _plain("Read the CHF Device Log", "8.9", "ReadDeviceLog")),
    "back up log": Phrase(
        0,
        _always,
        _plain(
            "Read the CHF Device Log with key hashes",
            "8.9",
            "ReadDeviceLog",
            {"ReadSecurityDetails": ""},
        ),
    ),
    "read channel log": Phrase(0, _always, _read_channel_log),
    "read channel": Phrase(
        0, _always, _plain("Read the sub-GHz channel", "6.31", "ReadCHFSubGHzChannel")
    ),
    "scan channels": Phrase(
        0,
        _always,
        _plain("Have the hub scan the sub-GHz channels", "6.29", "RequestCHFSubGHzChannelScan"),
    ),
    "read channel settings": Phrase(
        0,
        _always,
        _plain("Read the sub-GHz configuration", "6.30", "ReadCHFSubGHzConfiguration"),
    ),
    "set mask": Phrase(0, _always, _set_mask, takes_channels=True),
    "remove mask": Phrase(
        0,
        _always,
        _plain(f"{DRAFT}: remove the channel mask", DRAFT, "DraftSetCHFChannelMask"),
    ),
    "read mask": Phrase(
        0,
        _always,
        _plain(f"{DRAFT}: read the 2.4 GHz channels", DRAFT, "DraftReadCHFChannels"),
    ),
}
"""By the words that begin the phrase."""
