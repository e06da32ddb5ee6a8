"""A site and its Devices on the bench: Commands made as the head-end makes them, given by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.message import Message
from hht.simulator.devices.fleet import Fleet
from hht.simulator.head_end.compose.envelope import Address, protect
from hht.simulator.head_end.job import compose_job
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.training.scenario.load import load_scenario

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BROKER, SUPPLIER = PARTIES[Role.ACCESS_CONTROL_BROKER], PARTIES[Role.SUPPLIER]
LINK_KEY = bytes(range(16))


@dataclass
class Bench:
    """A site with its fleet and the job's Commands by file name."""

    site: Site
    fleet: Fleet
    commands: dict[str, bytes]
    counter: int = 10**13

    @classmethod
    def make(cls, folder: Path) -> "Bench":
        site = prepare_site(load_scenario("no-wan-install").site, folder, seed=1)
        commands = {c.file.partition("-")[2][:-4]: c.raw for c in compose_job(site, NOW)}
        return cls(site, site.make_fleet(), commands)

    def entity(self, label: str) -> EntityId:
        return self.site.named(label)[1]

    def give(self, name: str, now: datetime = NOW) -> list[Message]:
        """Deliver a Command of the job; what came back."""
        return self.give_raw(self.commands[name], now)

    def give_raw(self, raw: bytes, now: datetime = NOW) -> list[Message]:
        device = self.fleet[Message.parse(raw).recipient]
        return [Message.parse(answer) for answer in device.handle(raw, now)]

    def command(
        self,
        label: str,
        code: int,
        payload: bytes,
        *,
        role: Role = Role.SUPPLIER,
        critical: bool = False,
    ) -> bytes:
        """A Command of any kind, from the party of a role, with the next counter."""
        self.counter += 1
        address = Address(PARTIES[role], self.entity(label), self.counter)
        if role is Role.ACCESS_CONTROL_BROKER:
            address = replace(address, behalf=(SUPPLIER, self.counter))
        return protect(address, code, payload, self.site.keys, critical=critical)

    def put_all_in_the_han(self) -> None:
        """Register and join every Device."""
        for label in ("ESME", "GSME", "PPMID"):
            self.give(f"ccs01-{label.lower()}")
            self.fleet.joined(self.entity(label), LINK_KEY, NOW)
