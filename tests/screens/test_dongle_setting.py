"""The dongle's address is typed in the app as the command line has it."""

from dataclasses import replace

from screen_bench import SMALLEST
from screen_steps import at_the_jobs, choose_in_menu


async def test_a_servers_address_is_taken_as_typed_and_a_wrong_one_says_what_to_write(
    open_bench, live
) -> None:
    chosen: list[str] = []
    context = replace(live, choose_radio=chosen.append)
    async with open_bench(SMALLEST, context) as bench:
        await at_the_jobs(bench)
        await choose_in_menu(bench, "dongle", "Dongle…")
        await bench.until("In use: none")
        await bench.press("end", "up", "enter")
        await bench.until("/dev/ttyUSB0 or socket://HOST:PORT")
        await bench.press(*"gw:6638", "enter")
        await bench.until("socket:// is missing")
        assert not chosen
        await bench.press("ctrl+u", *"socket://gw:6638", "enter")
        await bench.until("Dongle: socket://gw:6638")
    assert chosen == ["socket://gw:6638"]
