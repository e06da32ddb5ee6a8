"""The steps that many tests of screens begin with, in whichever language they are shown."""

from screen_bench import Bench

TO_THE_PLAN = "On the HAN: go on to the plan"


async def at_the_jobs(bench: Bench) -> None:
    """Wait for the job list."""
    await bench.until("Install without WAN")
    await bench.until_offered("open")


async def choose_in_menu(bench: Bench, word: str, entry: str) -> None:
    """Find an entry of More by a word of it, and open it."""
    await bench.press("m")
    await bench.until("▌1 Import")
    await bench.press("slash")
    await bench.until("Which words")
    await bench.press(*word, "enter")
    await bench.until(f"Enter  {entry}")
    await bench.press("enter")


async def at_the_hubs(bench: Bench) -> None:
    """Open the first job and wait for the hub list."""
    await at_the_jobs(bench)
    await bench.press("enter")
    await bench.until_offered("connect_this")


async def at_the_plan(bench: Bench) -> None:
    """Connect to the job's hub."""
    await at_the_hubs(bench)
    await bench.press("enter")
    await bench.until_offered("go_on")
    await bench.press("enter")
    await bench.until_offered("deliver_next")


async def at_the_queue(bench: Bench) -> None:
    """Open the queue from the jobs, and wait until it was read."""
    await at_the_jobs(bench)
    await bench.press("t")
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "queue")
    await bench.settled()
