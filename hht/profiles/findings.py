"""What was found of one HHT and its hub: values, each with the frame that showed it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hht.entity_id import EntityId
from hht.hub_profile import fits
from hht.profiles.captures import CapturedFrame
from hht.zse.tunneling import RequestTunnel

LEARNABLE = (
    "admission_cluster",
    "admission_profile_id",
    "admission_command",
    "admission_answer_command",
    "admission_manufacturer",
    "admission_prefix",
    "admission_fragmentation",
    "admission_fragment_bytes",
    "admission_extended_nonce",
    "admission_mac",
    "admission_join_seconds",
    "install_code_with_crc",
    "hht_device_type",
    "hht_endpoint",
    "tunnel_protocol",
    "tunnel_manufacturer",
    "tunnel_max_transfer",
    "tunnel_hub_opens",
    "tunnel_header",
    "gbt_used",
    "gbt_block_size",
    "gbt_window",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A value, and the frame that showed it first; `otherwise` showed another one later.

    `certain` is False where the frame belongs to a message that no key opened: it may be
    another one than the value is of.
    """

    value: Any
    at: CapturedFrame
    otherwise: CapturedFrame | None = None
    certain: bool = True

    @property
    def mark(self) -> str:
        """The words behind the value in a profile."""
        place = f"frame {self.at.number} of {self.at.capture}"
        words = f"[seen] in {place}"
        if not self.certain:
            words = f"[guess] from a message that no key opened, {place}"
        if self.otherwise is not None:
            words += f", otherwise in frame {self.otherwise.number} of {self.otherwise.capture}"
        return words


@dataclass
class Pair:
    """An HHT and the hub with which it began a key establishment, and what they showed.

    `asked` are requests for a tunnel without an answer yet, by whether the HHT made them.
    """

    hht: EntityId
    hub: EntityId
    findings: dict[str, Finding] = field(default_factory=dict)
    asked: dict[bool, tuple[CapturedFrame, RequestTunnel]] = field(default_factory=dict)
    asked_by_hub: bool = False
    max_transfer: int = 0

    def note(self, at: CapturedFrame, *, certain: bool = True, **values: Any) -> None:
        """Keep values that a frame shows; what no hub of ours may have is left out."""
        for name, value in values.items():
            if fits(name, value):
                self._keep(name, Finding(value, at, certain=certain))

    def _keep(self, name: str, new: Finding) -> None:
        known = self.findings.get(name)
        if known is None or (new.certain and not known.certain):
            self.findings[name] = new
        elif known.certain == new.certain and known.value != new.value and not known.otherwise:
            self.findings[name] = Finding(known.value, known.at, new.at, known.certain)

    @property
    def certain(self) -> int:
        """How many values are certain."""
        return sum(finding.certain for finding in self.findings.values())

    def __str__(self) -> str:
        return f"HHT {self.hht} with hub {self.hub}"


@dataclass
class Learnt:
    """The findings, and what the captures held: frames, messages opened and not opened.

    `pair` is whose findings they are, `others` are in the captures too.
    """

    pair: Pair | None = None
    others: tuple[Pair, ...] = ()
    frames: int = 0
    opened: int = 0
    closed: int = 0

    @property
    def findings(self) -> dict[str, Finding]:
        return self.pair.findings if self.pair else {}

    @property
    def seen(self) -> int:
        """How many values are certain."""
        return self.pair.certain if self.pair else 0

    def choose(self, pairs: Iterable[Pair], hht: EntityId | None) -> None:
        """Take the HHT that is asked for, else the one of which most is certain."""
        known = list(pairs)
        fitting = [pair for pair in known if hht in (None, pair.hht)]
        self.pair = max(fitting, key=lambda each: (each.certain, len(each.findings)), default=None)
        self.others = tuple(pair for pair in known if pair is not self.pair)
