"""What the trainer's screen says of hub, air, Devices and story, in marks and words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from textual.content import Content

from hht.simulator.hub.faults import FAULTS
from screens.widgets.clock import clock_digits

_HHT = {
    "away": "HHT away",
    "admitted": "HHT admitted",
    "joined": "HHT in the HAN",
    "connected": "HHT connected",
}
_SIGNS = {
    "power-cut": ("✗", "$error"),
    "refused": ("✗", "$error"),
    "fault": ("!", "$warning"),
    "alert": ("!", "$warning"),
    "response": ("✓", "$success"),
    "command": ("▶", "$primary"),
}


def hub_words(status: Mapping[str, Any]) -> Content:
    """Scenario, the premises' time, power, window, WAN, HHT."""
    left = status["window_seconds_left"]
    window = "no limit" if left is None else clock_digits(left) if left else "✗ closed"
    speed = f" ×{status['speed']:g}" if status["speed"] != 1 else ""
    power = ("hub on", "$success") if status["power"] else ("✗ hub OFF", "bold $error")
    parts = (
        (status["scenario"], "bold $primary"),
        (f"{status['time'][11:19]}{speed}", ""),
        power,
        (f"window {window}", ""),
        ("WAN ✓" if status["wan"] else "no WAN", ""),
        (_HHT[status["hht"]], "bold"),
        (f"log {status['log_entries']}/{status['log_limit']}", ""),
        (f"{status['for_hht']} for HHT", ""),
    )
    return Content("  ").join(Content.styled(*part) for part in parts)


def air_words(air: Mapping[str, Any], delay_ms: int) -> Content:
    """Channel, signal, what is wrong on purpose, frames so far."""
    noise = ", ".join(f"{level} dBm on {channel}" for channel, level in air["noise"].items())
    parts = [
        f"ch {air['channel']}",
        f"{air['rssi']} dBm, LQI {air['lqi']}",
        f"loss {air['loss']:.0%}",
        f"late {air['late']:.0%}" if air["late"] else "",
        f"double {air['duplicates']:.0%}" if air["duplicates"] else "",
        f"noise {noise}" if noise else "no noise",
        f"{air['frames']} frames",
        f"timers ≤ {delay_ms} ms late",
    ]
    return Content.styled("  ".join(filter(None, parts)), "$text-muted")


def device_line(number: int, device: Mapping[str, Any]) -> Content:
    """A Device: its number, whether it is on and in the HAN, what waits, its log's last line."""
    if not device["on"]:
        state = Content.styled("✗ off", "bold $error")
    elif device["in_han"]:
        state = Content.styled("✓ in HAN", "$success")
    else:
        state = Content.styled("○ not joined", "$text-muted")
    words = [Content.styled(f"{number} {device['label']}", "bold"), state]
    if device["sleeps"]:
        words.append(Content("z"))
    if device["waiting"]:
        words.append(Content.styled(f"{device['waiting']} waiting", "$warning"))
    line = Content(" ").join(words)
    if shown := device.get("display"):
        reason = f" {shown['reason']}" if shown["reason"] else ""
        line = line + Content.styled(f"\n  ▯ {shown['line']}{reason}", "bold")
    if device["log"]:
        line = line + Content.styled(f"\n  {device['log'][-1]}", "$text-muted")
    return line


def story_line(entry: Mapping[str, Any]) -> Content:
    """One entry of the story."""
    sign, style = _SIGNS.get(entry["what"], ("·", ""))
    by = " (trainer)" if entry.get("by") == "trainer" else ""
    return Content.assemble(
        (f"{entry['at'][11:19]} ", "$text-muted"),
        (f"{sign} ", f"bold {style}".strip()),
        entry["text"] + by,
    )


def fault_keys(in_force: Collection[str]) -> Content:
    """The keys; a fault that is in force has its mark."""
    rows = [(kind.key.upper(), kind.short, name) for name, kind in FAULTS.items() if kind.key]
    parts = []
    for key, words, fault in (*rows, ("Q", "Quit", "")):
        mark = "■" if fault in in_force else ""
        parts.append(Content.assemble((key, "bold $accent"), f" {words}", (mark, "bold $warning")))
    return Content("  ").join(parts)
