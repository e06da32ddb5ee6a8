"""From a scenario's phrases to the Commands they stand for: addressee, use case, dependencies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType, JoinMethod
from hht.training.compose import payloads
from hht.training.devices.joins import PAIRS
from hht.training.site_record import Site
from hht.training.steps import Step

JOIN_SECONDS = 3600
CLOCK_TOLERANCE = timedelta(days=1)
_BY_BROKER = (DeviceType.CHF, DeviceType.PPMID)
"""Device types that do not know the supplier: the Access Control Broker acts for it."""
_SIGNED_JOINS = (JoinMethod.METHOD_A_INITIATOR, JoinMethod.METHOD_A_RESPONDER, JoinMethod.METHOD_C)


@dataclass(frozen=True, slots=True)
class Order:
    """One Command to compose: `payload` is made of the counter, `after` are earlier positions."""

    title: str
    slug: str
    kind: DeviceType
    recipient: EntityId
    code: int
    payload: Callable[[int], bytes]
    service_reference: str
    critical: bool = False
    after: tuple[int, ...] = ()

    @property
    def by_broker(self) -> bool:
        """Does the Access Control Broker originate it, on behalf of the supplier?"""
        return self.kind in _BY_BROKER


def orders(site: Site, now: datetime) -> tuple[Order, ...]:
    """Every Command of the job, in order."""
    planner = _Planner(site, now)
    for step in site.scenario.steps:
        for order in _ACTIONS[step.action](planner, step):
            planner.orders.append(order)
    return tuple(planner.orders)


class _Planner:
    def __init__(self, site: Site, now: datetime) -> None:
        self.site = site
        self.now = now
        self.orders: list[Order] = []
        self.added: dict[str, int] = {}

    def add(self, step: Step) -> Iterator[Order]:
        (label,) = step.labels
        device = self.site.device(label)
        self.added[label] = len(self.orders)

        def payload(counter: int) -> bytes:
            return payloads.add_device(counter, device.entity_id, device.install_code, JOIN_SECONDS)

        yield self._to_chf(f"Let the {label} join the SM HAN", f"ccs01-{label}", 0x0001, payload)

    def remove(self, step: Step) -> Iterator[Order]:
        (label,) = step.labels
        entity = self.site.device(label).entity_id

        def payload(counter: int) -> bytes:
            return payloads.remove_device(counter, entity)

        yield self._to_chf(
            f"Take the {label} out of the CHF log", f"ccs02-{label}", 0x0002, payload
        )

    def read_log(self, step: Step) -> Iterator[Order]:
        yield self._to_chf("Read the CHF Device Log", "ccs06", 0x010F, payloads.read_log, "8.9")

    def back_up_log(self, step: Step) -> Iterator[Order]:
        title = "Read the CHF Device Log with key hashes"
        yield self._to_chf(title, "ccs07", 0x00FE, payloads.back_up_log, "8.9")

    def clock(self, step: Step) -> Iterator[Order]:
        (label,) = step.labels
        kind, _ = self.site.named(label)
        start, end = self.now, self.now + CLOCK_TOLERANCE

        def payload(counter: int) -> bytes:
            if kind is DeviceType.ESME:
                return payloads.electricity_clock(counter, start, end)
            return payloads.gas_clock(start, end)

        code = payloads.ECS70 if kind is DeviceType.ESME else payloads.GCS28
        yield self._to(
            label, f"Set the clock of the {label}", "clock", code, payload, "8.1.1", True
        )

    def join(self, step: Step) -> Iterator[Order]:
        one, two = step.labels
        yield self._half_join(one, two, ())
        yield self._half_join(two, one, (len(self.orders) - 1,))

    def unjoin(self, step: Step) -> Iterator[Order]:
        one, two = step.labels
        kind, _ = self.site.named(one)
        other_kind, other = self.site.named(two)
        signed = PAIRS[kind, other_kind] in _SIGNED_JOINS
        payload = payloads.unjoin(other)
        title = f"Unjoin the {two} from the {one}"
        reference = "8.8.1" if signed and kind not in _BY_BROKER else "8.8.2"
        yield self._to(
            one, title, f"unjoin-{two}", payloads.CS04, lambda _: payload, reference, True
        )

    def read_joins(self, step: Step) -> Iterator[Order]:
        (label,) = step.labels
        title = f"Read whom the {label} works with"
        yield self._to(label, title, "cs07", payloads.CS07, lambda _: payloads.nothing(), "8.9")

    def _half_join(self, label: str, other_label: str, after: tuple[int, ...]) -> Order:
        kind, _ = self.site.named(label)
        other_kind, other = self.site.named(other_label)
        signed = PAIRS[kind, other_kind] in _SIGNED_JOINS
        certificate = self.site.pki.agreement_certificate(other)
        payload = payloads.join(kind, other, other_kind, certificate)
        return self._to(
            label,
            f"Join the {label} with the {other_label}",
            f"join-{other_label}",
            payloads.join_code(kind, other_kind),
            lambda _: payload,
            "8.7.1" if signed and kind not in _BY_BROKER else "8.7.2",
            signed,
            after + tuple(self.added[name] for name in (other_label,) if name in self.added),
        )

    def _to(
        self,
        label: str,
        title: str,
        slug: str,
        code: int,
        payload: Callable[[int], bytes],
        service_reference: str,
        critical: bool = False,
        after: tuple[int, ...] = (),
    ) -> Order:
        kind, recipient = self.site.named(label)
        needed = {*after, *(self.added[name] for name in (label,) if name in self.added)}
        return Order(
            title=title,
            slug=f"{slug}-{label}".lower(),
            kind=kind,
            recipient=recipient,
            code=code,
            payload=payload,
            service_reference=service_reference,
            critical=critical,
            after=tuple(sorted(needed)),
        )

    def _to_chf(
        self,
        title: str,
        slug: str,
        code: int,
        payload: Callable[[int], bytes],
        service_reference: str = "8.11",
    ) -> Order:
        chf = self.site.scenario.hub.chf
        return Order(title, slug.lower(), DeviceType.CHF, chf, code, payload, service_reference)


_ACTIONS: Mapping[str, Callable[[_Planner, Step], Iterator[Order]]] = {
    "add": _Planner.add,
    "remove": _Planner.remove,
    "clock": _Planner.clock,
    "join": _Planner.join,
    "unjoin": _Planner.unjoin,
    "read log": _Planner.read_log,
    "back up log": _Planner.back_up_log,
    "read joins": _Planner.read_joins,
}
