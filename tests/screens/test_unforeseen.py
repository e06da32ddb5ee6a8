"""A fault that was foreseen is shown; any other ends the app with a line, its traceback logged."""

import pytest
from painted import farewell_of

from hht.logs import LOG_FILE, start_log, stop_log
from hht.store.errors import StoreDamaged
from screens.app import HhtApp

SECRET = "83FED3407A939723A5C639B26916D505"


async def test_the_app_says_one_line_and_shows_no_variable(
    context, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = start_log(tmp_path)
    app = HhtApp(context)

    def fail() -> None:
        held = SECRET
        raise RuntimeError(held)

    with pytest.raises(RuntimeError):  # noqa: PT012 (the app raises it again at its end)
        async with app.run_test() as pilot:
            app.call_later(fail)
            await pilot.pause()
    stop_log(log)
    farewell = farewell_of(app)
    said = farewell + capsys.readouterr().err
    assert "RuntimeError" in (tmp_path / LOG_FILE).read_text()
    assert SECRET not in said + (tmp_path / LOG_FILE).read_text()


async def test_what_is_done_beside_the_screens_and_fails_is_shown_and_ends_nothing(
    open_bench,
) -> None:
    async def read() -> None:
        raise StoreDamaged("The database is damaged", remedy="Restore the last backup.")

    async with open_bench() as bench:
        bench.app.run_worker(read(), group="any")
        await bench.until("The database is damaged")
        await bench.press("escape")
        await bench.until("Enter  Open JOB-0001")
