"""Surveys made by hand: one spot, values pass by pass, networks as (channel, last octet, dBm)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hht.entity_id import EntityId
from hht.survey.survey_file import Network, Pass, Spot, Survey

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
HUB = EntityId(bytes.fromhex("00DB1234567890A3"))


def survey_of(
    levels: Mapping[int, Sequence[float]],
    *,
    hubs: Sequence[tuple[int, str, float]] = (),
    ours: int | None = None,
    spot: str = "hall",
) -> Survey:
    """One spot; each channel's values pass by pass, a minute apart."""
    longest = max(map(len, levels.values()))
    passes = tuple(
        Pass(NOW + timedelta(minutes=at), {c: v[at] for c, v in levels.items() if at < len(v)})
        for at in range(longest)
    )
    networks = [
        Network(EntityId(bytes(7) + bytes.fromhex(name)), 0x1234, channel, rssi, spot, ours=False)
        for channel, name, rssi in hubs
    ]
    if ours is not None:
        networks.append(Network(HUB, 0x4321, ours, -50.0, spot, ours=True))
    return Survey(3, (Spot(spot, passes),), tuple(networks))
