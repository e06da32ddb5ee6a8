"""Which training run stands behind an address that `hht hub serve` gave out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hht.files import private_folder


@contextmanager
def serving(data_dir: Path, address: str, run_dir: Path) -> Iterator[None]:
    """Leave word of the address for as long as the hub is served."""
    marker = _marker(data_dir, address)
    private_folder(marker.parent)
    marker.write_text(str(run_dir))
    try:
        yield
    finally:
        marker.unlink(missing_ok=True)


def served_run(data_dir: Path, address: str | None) -> Path | None:
    """The folder of the run behind the address, or None where no training hub is known there."""
    marker = _marker(data_dir, address or "")
    return Path(marker.read_text()) if marker.is_file() else None


def _marker(data_dir: Path, address: str) -> Path:
    return data_dir / "training" / "served" / (re.sub(r"\W+", "-", address) or "nowhere")
