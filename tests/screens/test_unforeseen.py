"""An unforeseen fault ends the app with one line, and leaves its traceback in the log."""

import pytest
from painted import farewell_of

from hht.logs import LOG_FILE, start_log, stop_log
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
