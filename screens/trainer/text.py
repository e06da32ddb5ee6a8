"""What the trainer's screen says of hub, air, Devices and story, in marks and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from textual.content import Content

from hht.simulator.hub.faults.kinds import FAULTS
from hht.texts import text
from screens.widgets.clock import clock_digits

SLOW_MS = 500
"""What no timer of a hub is late by on a computer that keeps up."""
GAP = "  "
UNBROKEN = 10_000
"""Cells: wider than any terminal, for words that are broken where they are shown."""
_SIGNS = {
    "power-cut": ("✗", "$error"),
    "refused": ("✗", "$error"),
    "fault": ("!", "$warning"),
    "alert": ("⚑", "$warning"),
    "response": ("✓", "$success"),
    "command": ("▶", "$primary"),
}


def in_lines(parts: Iterable[Content], width: int) -> Content:
    """Put parts beside each other, as many on a line as it has room for: no line ends in one."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + len(GAP) + part.cell_length <= width:
            lines[-1] += GAP + part
        else:
            lines.append(part)
    return Content("\n").join(lines)


def hub_words(status: Mapping[str, Any], width: int = UNBROKEN) -> Content:
    """Write scenario, the premises' time, power, window, WAN, HHT."""
    left = status["window_seconds_left"]
    window = text("trainer.closed")
    if left is None or left:
        window = text("trainer.no_limit") if left is None else clock_digits(left)
    speed = f" ×{status['speed']:g}" if status["speed"] != 1 else ""
    power = "$success" if status["power"] else "bold $error"
    parts = (
        (status["scenario"], "bold $primary"),
        (f"{status['time'][11:19]}{speed}", ""),
        (text("trainer.hub_on" if status["power"] else "trainer.hub_off"), power),
        (text("trainer.window", left=window), ""),
        (text("trainer.wan" if status["wan"] else "trainer.no_wan"), ""),
        (text(f"trainer.hht_{status['hht']}"), "bold"),
        (text("trainer.log", count=status["log_entries"], most=status["log_limit"]), ""),
        (text("trainer.for_hht", count=status["for_hht"]) if status["for_hht"] else "", ""),
    )
    return in_lines((Content.styled(*part) for part in parts if part[0]), width)


def air_words(air: Mapping[str, Any], delay_ms: int, width: int = UNBROKEN) -> Content:
    """Return channel, signal, what is wrong on purpose, frames so far.

    And a computer that is too slow.
    """
    levels = (
        text("trainer.noise_on", level=level, channel=channel)
        for channel, level in air["noise"].items()
    )
    noise = ", ".join(levels)
    shares = (("loss", "loss"), ("late", "late"), ("double", "duplicates"))
    parts = [
        text("trainer.channel", channel=air["channel"]),
        text("trainer.signal", rssi=air["rssi"], lqi=air["lqi"]),
        *(text(f"trainer.{name}", share=f"{air[at]:.0%}") for name, at in shares if air[at]),
        text("trainer.noise", where=noise) if noise else text("trainer.no_noise"),
        text("trainer.frames", count=air["frames"]),
    ]
    words = [Content.styled(part, "$text-muted") for part in parts]
    if delay_ms > SLOW_MS:
        slow = text("trainer.slow", seconds=f"{delay_ms / 1000:.1f}")
        words.append(Content.styled(slow, "bold $warning"))
    return in_lines(words, width)


def device_line(number: int, device: Mapping[str, Any]) -> Content:
    """Describe a Device: number, whether it is on and on the HAN, what waits, last log line."""
    if not device["on"]:
        state = Content.styled(text("trainer.off"), "bold $error")
    elif device["in_han"]:
        state = Content.styled(text("trainer.in_han"), "$success")
    else:
        state = Content.styled(text("trainer.not_joined"), "$text-muted")
    words = [Content.styled(f"{number} {device['label']}", "bold"), state]
    if device["sleeps"]:
        words.append(Content(text("trainer.sleeps")))
    if device["waiting"]:
        words.append(Content.styled(text("trainer.waits", count=device["waiting"]), "$warning"))
    line = Content(" ").join(words)
    if shown := device.get("display"):
        reason = f" {shown['reason']}" if shown["reason"] else ""
        line = line + Content.styled(f"\n  ▯ {shown['line']}{reason}", "bold")
    if device["log"]:
        line = line + Content.styled(f"\n  {device['log'][-1]}", "$text-muted")
    return line


def story_line(entry: Mapping[str, Any]) -> Content:
    sign, style = _SIGNS.get(entry["what"], ("·", ""))
    by = text("trainer.by_trainer") if entry.get("by") == "trainer" else ""
    return Content.assemble(
        (f"{entry['at'][11:19]} ", "$text-muted"),
        (f"{sign} ", f"bold {style}".strip()),
        entry["text"] + by,
    )


def lever_lines(in_force: Collection[str]) -> Content:
    """Return a lever on each line: its key, what it does, and whether that is in force."""
    lines = [
        Content.assemble(
            (f"{kind.key.upper()} ", "bold $accent"),
            text(f"lever.{fault}"),
            (text("lever.in_force") if fault in in_force else "", "bold $warning"),
        )
        for fault, kind in FAULTS.items()
        if len(kind.key) == 1
    ]
    return Content("\n").join(lines)
