"""The forms: failure, doubt and confirmation alike, answered once, the harmless answer first."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from screen_bench import BOTH, SMALLEST
from screen_steps import at_the_jobs
from textual.events import Key, Paste

import hht
from hht.errors import HhtError, InputError
from hht.texts import has_text
from screens.forms.failure import FailureScreen, title_of
from screens.forms.form import Choice, FormScreen
from screens.forms.power import power_form
from screens.forms.remedies import LIVE_ONLY, REMEDIES, Remedy, in_a_line, remedies_for
from screens.forms.typed import TypedScreen
from screens.shell import Place


class Unheard(InputError):
    """An error without a code of its own."""


def error_classes() -> Iterator[type[HhtError]]:
    """Every kind of HhtError that hht can raise."""
    for module in pkgutil.walk_packages(hht.__path__, "hht."):
        if not module.name.startswith("hht.cli") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = [HhtError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("hht."):
            yield kind


def test_every_code_of_an_error_has_a_title_and_a_meaning() -> None:
    codes = {kind.code for kind in error_classes()}
    without = {
        code
        for code in codes
        if not (has_text(f"failure_title.{code}") and has_text(f"failure_meaning.{code}"))
    }
    assert not without
    assert set(REMEDIES) <= codes


def test_the_title_of_every_failure_is_whole_on_the_smallest_screen() -> None:
    beside = len("╭─ ✗ ") + len(" ─  ─╮")
    cut = {
        kind.code
        for kind in error_classes()
        if len(title_of(kind.code)) + len(kind.code) + beside > SMALLEST[0]
    }
    assert not cut


ANOTHER_TRY_MAY_END_OTHERWISE = {
    "HHT-01", "HHT-11", "HHT-13",
    *(f"RAD-{number:02}" for number in range(1, 17) if number not in (10, 13)),
    *(f"HUB-{number:02}" for number in range(1, 16) if number not in (4, 6)),
    "DB-01", "DB-04", "DB-05", "DB-06", "DB-07", "DB-09", "DB-11",
    "OUT-01", "OUT-02", "OUT-03",
}  # fmt: skip
"""What passes, or what somebody can put right meanwhile."""
SOMETHING_ELSE_FIRST = {
    "HHT-13",
    "RAD-14",
    "RAD-15",
    "HUB-03",
    "HUB-07",
    "HUB-12",
    "OUT-03",
}
"""What something else helps against: a profile, a dongle, power, another hub, a setting."""


def test_another_try_is_offered_where_it_can_help_and_first_where_nothing_helps_more() -> None:
    codes = {kind.code for kind in error_classes() if not kind.code.startswith("FAC")}
    offered = {code: remedies_for(code, can_retry=True) for code in codes}
    again = {code for code, remedies in offered.items() if Remedy.RETRY in remedies}
    assert again == ANOTHER_TRY_MAY_END_OTHERWISE
    later = {code for code in again if offered[code][0] is not Remedy.RETRY}
    assert later == SOMETHING_ELSE_FIRST


def test_no_setting_of_a_live_handheld_is_a_remedy_in_an_exercise() -> None:
    for code in REMEDIES:
        assert not set(LIVE_ONLY) & set(remedies_for(code, can_retry=True, training=True))


def test_a_seat_of_a_class_has_no_way_to_other_data() -> None:
    assert Remedy.OTHER_DATA in remedies_for("DB-12", can_retry=True)
    assert Remedy.OTHER_DATA not in remedies_for("DB-12", can_retry=True, fenced=True)


def test_no_code_stands_for_two_things() -> None:
    own = [kind.code for kind in error_classes() if "code" in vars(kind)]
    assert len(own) == len(set(own))


def test_an_error_without_a_code_of_its_own_has_that_of_the_nearest_one_above_it() -> None:
    assert Unheard("No").code == InputError.code


@pytest.mark.parametrize("code", ["HHT-01", "HUB-03", "RAD-08"])
def test_what_would_lead_nowhere_is_not_offered(code: str) -> None:
    assert Remedy.RETRY in remedies_for(code, can_retry=True)
    assert remedies_for(code, can_retry=False) == (Remedy.CLOSE, Remedy.DETAILS)
    moved = remedies_for(code, can_retry=False, can_go_elsewhere=True)
    assert moved == (Remedy.ELSEWHERE, Remedy.CLOSE, Remedy.DETAILS)
    reconnect = remedies_for(code, can_retry=True, retry_as=Remedy.RECONNECT)
    assert Remedy.RECONNECT in reconnect
    assert Remedy.RETRY not in reconnect


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_failure_says_what_what_it_means_and_offers_what_can_be_done(
    open_bench, size
) -> None:
    error = HhtError("The printer is on fire", where="lp0", remedy="Put it out.")
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        bench.app.show_failure(error, retry=lambda: None)
        await bench.until("✗ It did not work", HhtError.code, "The printer is on fire.")
        await bench.until("What was there before stays", "Put it out.", "▌1 Try again")
        assert "▲ TRAINING" in bench.text


async def test_the_stacks_own_words_stand_under_the_details_alone_and_y_copies_them(
    open_bench,
) -> None:
    from hht.radio.errors import DongleRefused

    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.show_failure(DongleRefused("/dev/ttyUSB0", "sendUnicast", "NETWORK_DOWN"))
        await bench.until("RAD-05", "2 Close", "3 Details")
        assert "NETWORK_DOWN" not in bench.text
        await bench.press("3")
        await bench.until("NETWORK_DOWN", "/dev/ttyUSB0")
        await bench.press("y")
        assert bench.app.clipboard.startswith("RAD-05: /dev/ttyUSB0: The dongle refused")


async def test_a_failure_about_a_file_says_which_one_and_an_address_is_under_the_details(
    open_bench,
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.show_failure(HhtError("This cannot be read", where="/media/usb/jbo.zip"))
        await bench.until("This cannot be read.", "/media/usb/jbo.zip")
        await bench.press("escape")
        bench.app.show_failure(HhtError("It is late", where="https://gateway.example:8443"))
        await bench.until("It is late.", "2 Details")
        assert "8443" not in bench.text


@pytest.mark.parametrize("option", ["--data-dir", "--radio", "--training"])
def test_an_option_of_a_shell_is_no_advice_in_the_app(option: str) -> None:
    for code in ("DB-03", "DB-06", "DUIS-03", "RAD-02"):
        error = HhtError("It did not work", remedy=f"Choose another one with {option}.")
        error.code = code  # type: ignore[misc]
        assert option not in in_a_line(error)
        assert "Call your office." not in in_a_line(error)


async def test_trying_again_does_it_once_however_often_the_key_comes(open_bench) -> None:
    tried: list[str] = []
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.show_failure(HhtError("No"), retry=lambda: tried.append("again"))
        await bench.until("▌1 Try again")
        bench.press_at_once("1", "1", "enter", "enter")
        await bench.until_it_holds(lambda: tried)
        await bench.idle()
        assert tried == ["again"]
        assert len(bench.app.screen_stack) == 1


async def test_a_key_pressed_before_a_failure_can_have_been_read_chooses_nothing(
    open_bench,
) -> None:
    tried: list[str] = []
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.context.pace = replace(bench.app.context.pace, read_seconds=3600)
        bench.app.show_failure(HhtError("No"), retry=lambda: tried.append("again"))
        await bench.until("▌1 Try again")
        await bench.press("enter", "1")
        assert (tried, len(bench.app.screen_stack)) == ([], 2)
        await bench.press("escape")
        await bench.until("Enter  Open JOB-0001")


async def test_what_fails_again_and_again_in_the_background_is_said_once(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        for _ in range(3):
            bench.app.show_failure(Unheard("It does not answer"))
        await bench.until("It does not answer")
        assert len(bench.app.screen_stack) == 2
        await bench.press("escape")
        await bench.until("Enter  Open JOB-0001")
        bench.app.show_failure(Unheard("It does not answer"))
        await bench.until("It does not answer")


async def test_a_screen_that_is_closed_twice_takes_nothing_below_it_away(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until_it_holds(lambda: len(bench.app.screen_stack) == 2)
        bench.app.show_help()
        shown = bench.app.screen
        await bench.until("What is wanted now and then")
        for _ in range(2):
            await bench.app.run_action("close", shown)  # as the palette does
        await bench.until_it_holds(lambda: len(bench.app.screen_stack) == 2)
        await bench.until("More")


async def test_an_answer_to_a_form_under_another_closes_neither_of_them(open_bench) -> None:
    def asked(title: str) -> FormScreen:
        return FormScreen(title, "?", [Choice("yes", "Yes"), Choice("no", "No")], escape="no")

    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        below, above = asked("The first question"), asked("The second question")
        bench.app.push_screen(below)
        await bench.until("The first question")
        bench.app.push_screen(above)
        await bench.until("The second question")
        below.answer("yes")  # as a key does that was pressed before the second form came
        assert bench.app.screen is above
        await bench.press("enter")
        await bench.until_it_holds(lambda: bench.app.screen is below)
        await bench.press("enter")
        await bench.until_it_holds(lambda: len(bench.app.screen_stack) == 1)


async def test_a_failure_too_long_for_the_screen_scrolls(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.show_failure(HhtError("Too much " * 120, remedy="The end."))
        await bench.until("1 Close")
        await bench.press("pagedown", "pagedown", "pagedown", "pagedown")
        await bench.until("The end.")


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(("enter",), "a"), (("escape",), "b"), (("2",), "b"), (("down", "enter"), "b")],
)
async def test_enter_takes_the_first_answer_esc_the_harmless_one_and_a_digit_its_own(
    open_bench, keys, answer
) -> None:
    given: list[str | None] = []
    async with open_bench() as bench:
        await at_the_jobs(bench)
        form = FormScreen(
            "Sure?", "It matters.", [Choice("a", "Yes"), Choice("b", "No")], escape="b"
        )
        bench.app.push_screen(form, given.append)
        await bench.until("╭─ Sure?", "It matters.", "▌1 Yes", "Esc 2")
        await bench.press(*keys)
        await bench.until_it_holds(lambda: given)
        assert given == [answer]


async def test_a_label_that_is_pasted_on_a_form_is_refused_aloud(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.show(FormScreen("Sure?", "", [Choice("", "No")]))
        await bench.until("Sure?")
        bench.app.screen.post_message(Paste("00-DB-12-34-56-78-90-A3"))
        await bench.until("answer this first")


async def test_what_is_scanned_into_a_field_answers_at_once_as_its_enter_would(
    open_bench, tmp_path
) -> None:
    answers = list[object]()
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.ask(TypedScreen("Which label?", "what was there"), answers.append)
        await bench.until("Which label?")
        await bench.scan("2000000000015")
        await bench.until_it_holds(lambda: answers)
        wrong = TypedScreen("Which label?", check=lambda typed: f"{typed} is none")
        bench.app.ask(wrong, answers.append)
        await bench.until("Which label?")
        await bench.scan("2000000000022")
        await bench.until("✗ 2000000000022 is none")
    assert answers == ["2000000000015"]


async def test_a_field_takes_every_line_of_what_is_pasted(open_bench) -> None:
    given: list[str | None] = []
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.push_screen(TypedScreen("Label?", "as proposed"), given.append)
        await bench.until("Label?")
        bench.app.post_message(Paste("CHF\r\n00-DB-12-34-56-78-90-A3\n"))
        await bench.until("CHF 00-DB-12-34-56-78-90-A3")
        await bench.press("enter")
        await bench.until_it_holds(lambda: given)
        assert given == ["CHF 00-DB-12-34-56-78-90-A3"]


async def test_a_second_label_pasted_on_a_failure_is_for_the_screen_behind_it(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.show_failure(HhtError("The dongle is gone", remedy="Plug it in again."))
        await bench.until("The dongle is gone")
        failure, label = bench.app.screen, Paste("00-DB-99-99-99-99-99-01")
        failure.on_paste(label)
        failure.on_paste(label)
        await bench.until("No job here is for")


async def test_f1_and_f2_work_on_a_form(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.push_screen(power_form())
        await bench.until("When did the hub get its power?")
        await bench.press("f2")
        await bench.until_it_holds(lambda: bench.app.theme == "hht-sun")
        await bench.press("f1")
        await bench.until("begins on the harmless answer")
        await bench.press("escape")
        await bench.until("When did the hub get its power?")


async def test_a_failure_under_a_lock_screen_comes_only_after_the_pin(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.locking.covered = True
        bench.app.show_failure(HhtError("No"))
        assert not isinstance(bench.app.screen, FailureScreen)


@pytest.mark.parametrize("size", BOTH)
async def test_what_a_form_has_no_room_for_is_said_with_its_key(open_bench, size) -> None:
    words = "\n".join(f"Line {number}" for number in range(1, 30))
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        bench.app.push_screen(FormScreen("Go on?", words, [Choice("no", "No")], escape="no"))
        await bench.until("Line 1", "PgDn more · Enter · Esc 1")
        for _ in range(4):
            await bench.press("pagedown")
        await bench.until("Line 29")
        assert "PgDn" not in bench.text


async def test_a_key_that_comes_before_a_form_is_put_together_does_nothing(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        form = FormScreen("Which of them?", "", (Choice("one", "The one"),))
        bench.app.push_screen(form)
        for act in (lambda: form.action_scroll_text(1), form.action_copy, form.action_choose):
            act()
        await bench.until("Which of them?", "▌1 The one")


async def test_a_label_over_failures_upon_failures_closes_them_and_reaches_the_screen_behind(
    open_bench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        for _ in range(2):
            bench.app.push_screen(FailureScreen(HhtError("A test."), [Remedy.CLOSE]))
        await bench.until("A test.")
        for _ in range(3):  # the second comes while the first one's way down goes on
            bench.app.scan("00-DB-99-99-99-99-99-01")
        await bench.until("! No job here is for 00-DB-99-99-99-99-99-01.")
        assert len(bench.app.screen_stack) == 1


async def test_a_label_and_a_key_that_come_before_a_page_is_put_together_end_nothing(
    open_bench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.go(Place.INSPECTOR)
        bench.app.scan("00-DB-99-99-99-99-99-01")
        for key in ("enter", "pagedown", "y", "down", "o"):
            await bench.app.on_event(Key(key, None))
        await bench.until("00-DB-99-99-99-99-99-01")
