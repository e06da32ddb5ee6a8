"""The training run behind an address that `hht hub serve` printed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hht.files import private_folder


@contextmanager
def serving(data_dir: Path, address: str, run_dir: Path) -> Iterator[None]:
    """Record address -> run folder while the hub runs."""
    marker = _marker(data_dir, address)
    private_folder(marker.parent)
    marker.write_text(str(run_dir))
    try:
        yield
    finally:
        marker.unlink(missing_ok=True)


def served_run(data_dir: Path, address: str | None) -> Path | None:
    """Find the folder of the run behind the address; None where no training hub is."""
    marker = _marker(data_dir, address or "")
    return Path(marker.read_text()) if marker.is_file() else None


def _marker(data_dir: Path, address: str) -> Path:
    return data_dir / "training" / "served" / (re.sub(r"\W+", "-", address) or "nowhere")
