"""Upload and job packs as the app asks for them, of the gateway that gateway.toml names."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hht.duis.job_pack import JobPack
    from hht.outbox.packs import Fetched
    from hht.outbox.upload import UploadSummary
    from hht.store import Store

Upload = Callable[["Store"], Coroutine[Any, Any, "UploadSummary"]]
"""Sends everything that is due from a store to the supplier's gateway."""

Fetch = Callable[["Store"], Coroutine[Any, Any, "list[Fetched]"]]
"""Imports every pack that is not here yet into a store; returns what became of each."""

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


def fetcher(data_dir: Path) -> "Fetch | None":
    """Make what fetches job packs; None where no gateway.toml is set up.

    The file is read at each time, so that a correction needs no restart; InputError where it has no
    jobs_url.
    """
    path = data_dir / GATEWAY_FILE
    if not path.exists():
        return None

    async def fetch(store: "Store") -> "list[Fetched]":
        from hht.outbox.gateway.settings import read_jobs_settings
        from hht.outbox.packs import fetch_packs

        def keep(pack: "JobPack") -> int:
            pack.check_mode(pack.mode or store.mode.value, pack.reference)
            return store.jobs.add(pack).id

        depot = read_jobs_settings(path)
        return [each async for each in fetch_packs(depot, data_dir, keep)]

    return fetch
