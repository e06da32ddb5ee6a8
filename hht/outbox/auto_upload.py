"""The upload as the app asks for it: to the gateway that the data folder's gateway.toml names."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hht.outbox.upload import UploadSummary
    from hht.store import Store

Upload = Callable[["Store"], Coroutine[Any, Any, "UploadSummary"]]
"""Sends everything that is due from a store to the supplier's gateway."""

GATEWAY_FILE = "gateway.toml"
GIVE_UP_SECONDS = 60.0  # what is left stays in the queue


def uploader(data_dir: Path) -> "Upload | None":
    """What sends a store's queue; None where no gateway is set up."""
    path = data_dir / GATEWAY_FILE
    if not path.exists():
        return None

    async def send(store: "Store") -> "UploadSummary":
        from hht.outbox.gateway import Gateway
        from hht.outbox.gateway_file import read_gateway_file
        from hht.outbox.upload import Upload

        async with Gateway(read_gateway_file(path)) as gateway:
            return await Upload(store, gateway).run(give_up_after=GIVE_UP_SECONDS)

    return send
