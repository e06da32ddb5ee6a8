"""tshark as the judge of our captures, given the keys that were written beside them."""

import subprocess
from pathlib import Path

from patience import PATIENCE

from hht.simulator.air.pcap import keys_path


def tshark(pcap: Path, *arguments: str) -> str:
    """What tshark prints of a capture, decrypting with its `.keys` file."""
    keys = [line for line in keys_path(pcap).read_text().splitlines() if line and line[0] != "#"]
    options = [part for line in keys for part in ("-o", f"uat:zigbee_pc_keys:{line}")]
    command = ["tshark", "-n", "-r", str(pcap), *options, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout


def fields(pcap: Path, *names: str, only: str = "") -> list[dict[str, str]]:
    """The named fields of each frame (of those the display filter `only` lets through)."""
    wanted = [part for name in names for part in ("-e", name)]
    chosen = ["-Y", only] if only else []
    lines = tshark(pcap, "-T", "fields", *wanted, *chosen).splitlines()
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def complaints(pcap: Path, among: str = "frame") -> list[str]:
    """Every frame that tshark calls malformed, or in which it finds an error or a warning."""
    wrong = "(_ws.malformed || _ws.expert.severity >= 0x00600000)"
    return tshark(pcap, "-Y", f"{wrong} && ({among})").splitlines()
