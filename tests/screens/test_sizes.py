"""A terminal that changes its size again and again, while screens lie upon each other."""

from every_screen import all_screens
from screen_bench import NORMAL, OpenBench
from screen_steps import at_the_jobs
from textual.events import Resize
from textual.geometry import Size

from screens.forms.typed import TypedScreen
from screens.help.screen import HelpScreen
from screens.once import SizedAsTerminal


async def test_a_screen_is_never_laid_out_for_a_size_that_the_terminal_no_longer_has(
    open_bench: OpenBench,
) -> None:
    """Else two screens that lie behind a third pass two sizes on to each other for ever."""
    laid_out: list[Size] = []
    async with open_bench(NORMAL) as bench:
        await at_the_jobs(bench)
        jobs, question = bench.app.screen, TypedScreen("Which?")
        await bench.app.push_screen(question)
        await bench.app.push_screen(HelpScreen(question))
        await bench.settled()
        for screen in (jobs, question):
            screen.screen_layout_refresh_signal.subscribe(
                screen, lambda _, behind=screen: laid_out.append(behind.outer_size)
            )
        for screen, size in ((jobs, Size(73, 22)), (question, Size(90, 30))):
            screen.post_message(Resize(size, size))
        await bench.until_it_holds(lambda: laid_out)
        await bench.settled()
        assert set(laid_out) == {bench.app.size}


def test_every_screen_and_form_is_laid_out_for_the_size_that_the_terminal_has() -> None:
    assert len(all_screens()) > 20
    assert not {each for each in all_screens() if not issubclass(each, SizedAsTerminal)}
