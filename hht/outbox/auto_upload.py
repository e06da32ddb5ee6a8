"""The upload as the app asks for it: to the gateway that gateway.toml in the data folder names."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hht.outbox.upload import UploadSummary
    from hht.store import Store

Upload = Callable[["Store"], Coroutine[Any, Any, "UploadSummary"]]
"""Sends everything that is due from a store to the supplier's gateway."""

GATEWAY_FILE = "gateway.toml"


def uploader(data_dir: Path) -> "Upload | None":
    """Make what sends a store's outbox; None where no gateway is set up.

    The file is read at each upload, so that a correction needs no restart.
    """
    path = data_dir / GATEWAY_FILE
    if not path.exists():
        return None

    async def send(store: "Store") -> "UploadSummary":
        from hht.outbox.gateway.settings import read_gateway_file
        from hht.outbox.upload import upload_outbox

        return await upload_outbox(store, read_gateway_file(path))

    return send
