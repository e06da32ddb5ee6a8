"""Print which EZSP commands the virtual NCP simulates, answers fixedly, or lacks, by version."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.simulator.air.air import Air
from hht.simulator.ncp.commands.absent import Absent
from hht.simulator.ncp.device import Device
from hht.simulator.ncp.faults.ezsp import EzspFaults
from hht.simulator.ncp.versions import VERSIONS, firmware
from hht.simulator.stack.node import RadioNode


@dataclass(frozen=True)
class Row:
    """The commands of one version, sorted: answered by a simulation, fixedly, or not at all."""

    simulated: list[str]
    fixed: list[str]
    unknown: list[str]


def virtual_ncp(version: int) -> Device:
    node = RadioNode(Air(seed=1), EntityId.parse("00-DB-12-34-56-78-90-B1"))
    return Device(node, version, EzspFaults())


def row(version: int) -> Row:
    ezsp = virtual_ncp(version).ezsp
    fixed = ezsp.answered & set(Absent().commands())
    return Row(
        sorted(ezsp.answered - fixed), sorted(fixed), sorted(set(ezsp.known) - ezsp.answered)
    )


def main() -> None:
    print("EZSP  EmberZNet  simulated  library absent or fixed  unknown to the virtual NCP")
    for version in VERSIONS:
        of = row(version)
        release = ".".join(map(str, firmware(version)))
        numbers = f"{len(of.simulated):>9}  {len(of.fixed):>23}  {len(of.unknown):>7}"
        print(f"{version:>4}  {release:>9}  {numbers}  {', '.join(of.unknown)}")


if __name__ == "__main__":
    main()
