"""A gateway is set up from inside the app; from then on the queue offers an upload."""

from pathlib import Path

import pytest
from screen_bench import BOTH, Bench, OpenBench
from screen_steps import at_the_jobs, choose_in_menu

from hht.outbox.auto_upload import GATEWAY_FILE
from screens.context import HhtContext


async def ask(bench: Bench) -> None:
    await choose_in_menu(bench, "gateway", "Gateway…")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_gateway_is_set_up_by_its_address_and_a_wrong_one_is_refused(
    open_bench: OpenBench, live: HhtContext, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_bench(size, live) as bench:
        await at_the_jobs(bench)
        await ask(bench)
        await bench.until("▌1 Keep it as it is", "In use: none")
        await bench.press("3")
        await bench.until("Which address?")
        await bench.press(*"http://gw.example", "enter")
        await bench.until("Over http anybody")
        assert live.upload is None
        await bench.press("enter")
        await bench.until("▌1 Keep it as it is")
        await bench.press("3")
        await bench.until("Which address?")
        await bench.press(*"https://gw.example", "enter")
        await bench.until("✓ Gateway: https://gw.example")
        assert live.upload
        assert live.fetch
        assert (tmp_path / GATEWAY_FILE).exists()
