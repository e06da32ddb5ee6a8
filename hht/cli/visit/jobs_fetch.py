"""`hht jobs fetch`: job packs over the depot's network, each whole and once."""

from typing import TYPE_CHECKING

import typer

from hht.cli.commands.importing import PackStores
from hht.cli.context import Context, JsonOption, print_result

if TYPE_CHECKING:
    from hht.duis.job_pack import JobPack
    from hht.outbox.packs import Fetched


def fetch(context: typer.Context, as_json: JsonOption = False) -> None:
    """Fetch the packs that are not here yet. They are those of jobs_url in gateway.toml."""
    import asyncio

    from hht.outbox.gateway.settings import read_jobs_settings
    from hht.outbox.packs import fetch_packs

    settings: Context = context.obj
    depot = read_jobs_settings(settings.data_dir / "gateway.toml")
    failed = False

    async def work(stores: PackStores) -> None:
        nonlocal failed

        def keep(pack: "JobPack") -> int:
            pack.check_mode(pack.mode or "live", pack.reference)
            return stores.open(pack.mode or "live").jobs.add(pack).id

        async for each in fetch_packs(depot, settings.data_dir, keep):
            failed = failed or each.state == "failed"
            _show(each, as_json)

    with PackStores(settings.data_dir) as stores:
        asyncio.run(work(stores))
    if failed:
        raise typer.Exit(1)


def _show(fetched: "Fetched", as_json: bool) -> None:
    row = {
        "name": fetched.name,
        "state": fetched.state,
        "job": fetched.job,
        "reference": fetched.reference,
        "error": fetched.error or None,
    }
    about = fetched.error or (f"job {fetched.job}" if fetched.job else "")
    print_result(row, f"{fetched.state:<7} {fetched.name}  {about}", as_json)
