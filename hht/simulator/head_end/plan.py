"""From a scenario's phrases to the Commands they stand for: addressee, use case, dependencies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.rules import rules
from hht.simulator.head_end.compose import payloads
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Step

JOIN_SECONDS = 3600
CLOCK_TOLERANCE = timedelta(days=1)
_BY_BROKER = (DeviceType.CHF, DeviceType.PPMID)
"""Device types that do not know the supplier: the Access Control Broker acts for it."""

Payload = Callable[[int], bytes]
"""Makes the payload of the originator counter."""


@dataclass(frozen=True, slots=True)
class Order:
    """One Command to compose, of a step of the job.

    `after` are the positions of those that must have succeeded.
    """

    title: str
    slug: str
    kind: DeviceType
    recipient: EntityId
    code: int
    payload: Payload
    service_reference: str
    after: tuple[int, ...] = ()
    step: Step | None = None

    @property
    def by_broker(self) -> bool:
        """Does the Access Control Broker originate it, on behalf of the supplier?"""
        return self.kind in _BY_BROKER

    @property
    def critical(self) -> bool:
        """Is it signed?"""
        return rules()[self.code].protection == "signed"


@dataclass
class Plan:
    """The Commands ordered so far, and where each Device was let into the HAN."""

    site: Site
    now: datetime
    orders: list[Order] = field(default_factory=list)
    added: dict[str, int] = field(default_factory=dict)

    def order(
        self,
        label: str,
        title: str,
        code: int,
        payload: Payload,
        service_reference: str,
        after: tuple[str, ...] = (),
    ) -> Order:
        """A Command for the Device with this label, once it and those of `after` are let in."""
        kind, recipient = self.site.named(label)
        waits = sorted(self.added[name] for name in {label, *after} & self.added.keys())
        name = rules()[code].name.partition("/")[0].replace(" ", "-")
        about = (name, *((label, *after) if label != "CHF" else after))
        slug = "-".join(about).lower()
        reference = service_reference
        return Order(title, slug, kind, recipient, code, payload, reference, tuple(waits))


def orders(site: Site, now: datetime) -> tuple[Order, ...]:
    """Every Command of the job, in order."""
    plan = Plan(site, now)
    for step in site.spec.job.steps:
        for order in _ACTIONS[step.action](plan, *step.labels):
            plan.orders.append(replace(order, step=step))
    return tuple(plan.orders)


def _add(plan: Plan, label: str) -> Iterator[Order]:
    device = plan.site.device(label)
    code = device.install_code
    if device.spec.install_code_wrong:
        code = bytes(reversed(code))

    def payload(counter: int) -> bytes:
        return payloads.add_device(counter, device.entity_id, code, JOIN_SECONDS)

    title = f"Let the {label} join the SM HAN"
    order = plan.order("CHF", title, payloads.CCS01, payload, "8.11", (label,))
    plan.added[label] = len(plan.orders)
    yield order


def _remove(plan: Plan, label: str) -> Iterator[Order]:
    _, entity = plan.site.named(label)

    def payload(counter: int) -> bytes:
        return payloads.remove_device(counter, entity)

    title = f"Take the {label} out of the CHF Device Log"
    yield plan.order("CHF", title, payloads.CCS02, payload, "8.11", (label,))


def _clock(plan: Plan, label: str) -> Iterator[Order]:
    kind, _ = plan.site.named(label)
    start, end = plan.now, plan.now + CLOCK_TOLERANCE * plan.site.speed

    def payload(counter: int) -> bytes:
        if kind is DeviceType.ESME:
            return payloads.electricity_clock(counter, start, end)
        return payloads.gas_clock(start, end)

    code = payloads.ECS70 if kind is DeviceType.ESME else payloads.GCS28
    yield plan.order(label, f"Set the clock of the {label}", code, payload, "8.1.1")


def _join(plan: Plan, one: str, two: str) -> Iterator[Order]:
    """Both halves, where the other Device takes Commands too; the second waits for the first."""
    yield _half_join(plan, one, two)
    if plan.site.named(two)[0] is DeviceType.TYPE_2:
        return
    second = _half_join(plan, two, one)
    waits = tuple(sorted({*second.after, len(plan.orders) - 1}))
    yield replace(second, after=waits)


def _half_join(plan: Plan, label: str, other_label: str) -> Order:
    kind, _ = plan.site.named(label)
    other_kind, other = plan.site.named(other_label)
    certificate = plan.site.agreement_certificate(other)
    payload = payloads.join(kind, other, other_kind, certificate)
    code = payloads.join_code(kind, other_kind)
    reference = "8.7.1" if _is_suppliers_own(kind, code) else "8.7.2"
    title = f"Join the {label} with the {other_label}"
    return plan.order(label, title, code, lambda _: payload, reference, (other_label,))


def _unjoin(plan: Plan, label: str, other_label: str) -> Iterator[Order]:
    kind, _ = plan.site.named(label)
    _, other = plan.site.named(other_label)
    payload = payloads.unjoin(other)
    reference = "8.8.1" if _is_suppliers_own(kind, payloads.CS04) else "8.8.2"
    title = f"Unjoin the {label} from the {other_label}"
    yield plan.order(label, title, payloads.CS04, lambda _: payload, reference, (other_label,))


def _is_suppliers_own(kind: DeviceType, code: int) -> bool:
    """Critical services are signed by the supplier itself; the broker signs for it otherwise."""
    return rules()[code].protection == "signed" and kind not in _BY_BROKER


def _read_firmware(plan: Plan, label: str) -> Iterator[Order]:
    kind, _ = plan.site.named(label)
    reads: Mapping[DeviceType, tuple[int, Payload]] = {
        DeviceType.ESME: (payloads.ECS52, lambda n: payloads.read(payloads.ECS52, n)),
        DeviceType.GSME: (payloads.GCS38, lambda _: payloads.read_gas_firmware()),
    }
    code, payload = reads.get(kind, (payloads.CS08, lambda _: payloads.nothing()))
    yield plan.order(label, f"Read the firmware version of the {label}", code, payload, "11.2")


def _read_joins(plan: Plan, label: str) -> Iterator[Order]:
    title = f"Read whom the {label} works with"
    yield plan.order(label, title, payloads.CS07, lambda _: payloads.nothing(), "8.9")


def _of_chf(title: str, code: int, payload: Payload, reference: str) -> "Action":
    """An action that is one Command to the CHF and is about no Device."""

    def action(plan: Plan) -> Iterator[Order]:
        yield plan.order("CHF", title, code, payload, reference)

    return action


Action = Callable[..., Iterator[Order]]
_ACTIONS: Mapping[str, Action] = {
    "add": _add,
    "remove": _remove,
    "clock": _clock,
    "join": _join,
    "unjoin": _unjoin,
    "read joins": _read_joins,
    "read firmware": _read_firmware,
    "read log": _of_chf("Read the CHF Device Log", payloads.CCS06, payloads.read_log, "8.9"),
    "back up log": _of_chf(
        "Read the CHF Device Log with key hashes", payloads.CCS07, payloads.back_up_log, "8.9"
    ),
    "read channel": _of_chf(
        "Read the sub-GHz channel",
        payloads.DBCH01,
        lambda n: payloads.read(payloads.DBCH01, n),
        "6.31",
    ),
    "scan channels": _of_chf(
        "Have the hub scan the sub-GHz channels", payloads.DBCH05, payloads.scan_channels, "6.29"
    ),
}
