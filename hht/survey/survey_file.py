"""Survey and plan files: what was heard where, and which channels a building uses; JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from hht.entity_id import EntityId
from hht.errors import InputError

CHANNELS = range(11, 27)
LEAST_DBM, MOST_DBM = -110, 0  # what a radio can measure; outside of it a value is a mistake
_PAN_ID_LIMIT = 0x10000
_EXTENDED_PAN_ID = re.compile(r"[0-9A-Fa-f]{16}")
_LONGEST_NAME = 60  # a spot's name has to fit a chart's heading


@dataclass(frozen=True, slots=True)
class Pass:
    """One energy scan over some channels: the maximum heard on each, in dBm."""

    at: datetime
    dbm: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the building and the passes made there."""

    name: str
    passes: tuple[Pass, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A network heard at a spot; `rssi` in dBm; `ours` marks the job's hub."""

    extended_pan_id: EntityId
    pan_id: int
    channel: int
    rssi: float
    spot: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey. `duration` is EZSP's exponent, one for all scans: a maximum grows with time."""

    duration: int
    spots: tuple[Spot, ...]
    networks: tuple[Network, ...]


def read_survey(raw: bytes, where: str) -> Survey:
    """Read a survey file; InputError names the first thing in it that cannot be."""
    reader = _Reader(where)
    top = reader.object(reader.document(raw), "survey")
    spots = tuple(
        reader.spot(each, f"spots[{at}]") for at, each in enumerate(reader.array(top, "spots"))
    )
    given = reader.array(top, "networks") if "networks" in top else []
    networks = tuple(reader.network(each, f"networks[{at}]") for at, each in enumerate(given))
    if not any(each.dbm for spot in spots for each in spot.passes):
        reader.refuse("it holds no measurement")
    return Survey(reader.whole(top.get("duration"), "duration", 0, 14), spots, networks)


def read_plan(raw: bytes, where: str) -> tuple[int, ...]:
    """Read a building's channel plan; InputError where it is empty or names another channel."""
    reader = _Reader(where)
    top = reader.object(reader.document(raw), "plan")
    channels = tuple(reader.channel(each, "channels") for each in reader.array(top, "channels"))
    if not channels:
        reader.refuse("the plan names no channel")
    return channels


def check_spot(name: str) -> None:
    """Refuse a spot's name that a survey file could not hold."""
    if not _is_name(name):
        raise InputError(
            f"A spot's name is a text of 1 to {_LONGEST_NAME} characters",
            where="--spot",
            remedy="Name the place in a word or two.",
        )


def write_survey(survey: Survey) -> bytes:
    """Return the survey as a file holds it; `read_survey` gives it back."""
    document = {
        "duration": survey.duration,
        "spots": [
            {"name": spot.name, "passes": [pass_to_json(each) for each in spot.passes]}
            for spot in survey.spots
        ],
        "networks": [network_to_json(network) for network in survey.networks],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def pass_to_json(each: Pass) -> dict[str, object]:
    """Return one pass as the file has it."""
    channels = {str(number): {"dbm": level} for number, level in sorted(each.dbm.items())}
    return {"at": each.at.isoformat(timespec="seconds"), "channels": channels}


def network_to_json(network: Network) -> dict[str, object]:
    """Return one network as the file has it."""
    return {
        "extended_pan_id": network.extended_pan_id.hex(),
        "pan_id": network.pan_id,
        "channel": network.channel,
        "rssi": network.rssi,
        "spot": network.spot,
        "ours": network.ours,
    }


class _Reader:
    """Typed reading of one file."""

    def __init__(self, where: str) -> None:
        self._where = where

    def document(self, raw: bytes) -> Any:
        try:
            return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=self._named_once)
        except RecursionError:
            self.refuse("it is nested too deep")
        except ValueError as error:
            self.refuse(f"it is not JSON ({str(error)[:60]})")

    def _named_once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Build an object; refuse one with the same name twice, of which only one would count."""
        named = dict(pairs)
        if len(named) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            self.refuse(f"{twice[:20]!r} stands twice in one object")
        return named

    def object(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.refuse(f"{name} is no object")
        return value

    def array(self, parent: dict[str, Any], name: str) -> list[Any]:
        value = parent.get(name)
        if not isinstance(value, list):
            self.refuse(f"{name} is no list")
        return value

    def spot(self, value: Any, name: str) -> Spot:
        spot = self.object(value, name)
        called = spot.get("name")
        if not isinstance(called, str) or not _is_name(called):
            self.refuse(f"{name}.name is no printable text of 1 to {_LONGEST_NAME} characters")
        passes = tuple(
            self.one_pass(each, f"{name}.passes[{at}]")
            for at, each in enumerate(self.array(spot, "passes"))
        )
        return Spot(called, passes)

    def one_pass(self, value: Any, name: str) -> Pass:
        given = self.object(value, name)
        channels = self.object(given.get("channels"), f"{name}.channels")
        dbm = {
            self.channel(_number(number), f"{name}.channels"): self.dbm(
                self.object(entry, f"{name}.channels.{number}").get("dbm"),
                f"{name}.channels.{number}.dbm",
            )
            for number, entry in channels.items()
        }
        return Pass(self.moment(given.get("at"), f"{name}.at"), dbm)

    def network(self, value: Any, name: str) -> Network:
        given = self.object(value, name)
        extended, spot, ours = (
            given.get("extended_pan_id"),
            given.get("spot", ""),
            given.get("ours"),
        )
        if not isinstance(extended, str) or not _EXTENDED_PAN_ID.fullmatch(extended):
            self.refuse(f"{name}.extended_pan_id is not 16 hexadecimal digits")
        if not isinstance(spot, str) or (spot and not _is_name(spot)):
            self.refuse(f"{name}.spot is no printable text of up to {_LONGEST_NAME} characters")
        if not isinstance(ours, bool | None):
            self.refuse(f"{name}.ours is not true or false")
        return Network(
            EntityId(bytes.fromhex(extended)),
            self.whole(given.get("pan_id"), f"{name}.pan_id", 0, _PAN_ID_LIMIT - 1),
            self.channel(given.get("channel"), f"{name}.channel"),
            self.dbm(given.get("rssi"), f"{name}.rssi"),
            spot,
            bool(ours),
        )

    def channel(self, value: Any, name: str) -> int:
        return self.whole(value, name, CHANNELS[0], CHANNELS[-1])

    def whole(self, value: Any, name: str, least: int, most: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(f"{name} is {str(value)[:20]!r} and no whole number from {least} to {most}")
        return value

    def dbm(self, value: Any, name: str) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not LEAST_DBM <= value <= MOST_DBM:
            said = f"{name} is {str(value)[:20]!r} and no number from {LEAST_DBM} to {MOST_DBM} dBm"
            self.refuse(said)
        return float(value)

    def moment(self, value: Any, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.refuse(f"{name} is no ISO 8601 time")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def refuse(self, what: str) -> NoReturn:
        raise InputError(
            f"This is no survey or plan: {what}", where=self._where, remedy="See docs/survey.md."
        )


def _is_name(text: str) -> bool:
    return bool(text.strip()) and len(text) <= _LONGEST_NAME and text.isprintable()


def _number(text: str) -> int | str:
    """Read a channel's key; what is no plain number stays a text, to be refused."""
    return int(text) if re.fullmatch("[1-9][0-9]", text) else text
