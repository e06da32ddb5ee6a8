"""The rubric: a run's marks per competency, each line of it computed from events.

A competency that the run gave no occasion to judge has no marks. Pure: the same events give the
same marks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hht.duis.visit_questions import RETURN_SERVICES
from hht.spans import counted
from hht.store import CommandState
from hht.store.command_states import has_arrived, is_done
from hht.training.happenings import failure_words
from hht.training.played import Played
from hht.training.scenario.spec import Scenario
from hht.training.scoring import FULL_MARKS, findings

Row = Mapping[str, Any]
_DONE = frozenset(state.value for state in CommandState if is_done(state))


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is looked for, and to what share (0 to 1) it was found."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Competency:
    """What a trainee can do, with the lines that its marks (of a hundred) come from."""

    name: str
    title: str
    lines: tuple[Line, ...]

    @property
    def marks(self) -> int | None:
        """The lines' mean; None where there was no occasion."""
        if not self.lines:
            return None
        return round(FULL_MARKS * sum(line.share for line in self.lines) / len(self.lines))


def rubric(scenario: Scenario, played: Played) -> tuple[Competency, ...]:
    """Judge a play, finished or not, in every competency."""
    counts = {each.what: each.count for each in findings(scenario, played)}
    seen = _Seen(scenario, played, counts)
    return tuple(
        Competency(name, title, tuple(lines(seen))) for name, (title, lines) in _RUBRIC.items()
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the lines are computed from; `counts` are the debrief's findings."""

    scenario: Scenario
    played: Played
    counts: Mapping[str, int]

    def of(self, *names: str) -> list[Row]:
        return [row for row in self.played.events if row["event"] in names]

    @property
    def hub_goes_back(self) -> bool:
        """Whether the hub is not to be fitted: it gets no power, and nothing joins it."""
        return self.scenario.expected.report in RETURN_SERVICES

    @property
    def joined(self) -> list[Row]:
        """Each time the HHT came onto the HAN."""
        return [row for row in self.of("step_done") if row.get("step") == "tunnel"]


def _connect(seen: _Seen) -> Iterator[Line]:
    if seen.scenario.expects != "failed" and not seen.hub_goes_back:
        yield _line("The HHT came onto the hub's HAN", bool(seen.joined))
    if seen.of("hub_chosen"):
        yield _line("No hub but the job's was chosen", not seen.counts["wrong_pick"])
        yield _line(
            "The hub was not switched off and on without need", not seen.counts["power_cycle"]
        )


def _order(seen: _Seen) -> Iterator[Line]:
    commands = seen.played.commands
    if not commands:
        return
    if seen.of("command_sent"):
        yield _line("Nothing was sent before what it needs", not _too_early(seen))
        expected = seen.scenario.expected.failed or 0
        refused = sum(each.state is CommandState.REFUSED for each in commands)
        yield _line("No Local Command was refused but those that had to be", refused <= expected)
    left = seen.counts["undelivered"] / len(commands)
    yield Line("All that could be delivered was", max(0.0, 1 - left))


def _clock(seen: _Seen) -> Iterator[Line]:
    played, scenario = seen.played, seen.scenario
    if scenario.par_minutes:
        over = max(0.0, played.minutes / scenario.par_minutes - 1)
        yield Line(f"It took at most {counted(scenario.par_minutes, 'minute')}", max(0.0, 1 - over))
    if seen.of("install_answered") and not seen.hub_goes_back:
        noted = any(row["certainty"] in ("seen", "told") for row in seen.of("power_on"))
        yield _line("It was noted when the hub got its power", noted)
    if seen.of("window_clock") and not scenario.score.needed_power_cycles:
        closed = any(
            row["clock"] == "window" and row["minutes"] == 0 for row in seen.of("clock_warning")
        )
        yield _line("The inter-PAN window did not run out", not closed)


def _failures(seen: _Seen) -> Iterator[Line]:
    wanted = seen.scenario.expected.failure
    troubles = seen.of("failed", "connection_lost", "hub_fault")
    doubted = any(row["state"] == "unknown" for row in seen.of("command_changed"))
    if not (troubles or doubted or wanted or seen.counts["unsafe_skip"]):
        return
    yield _line("Nothing was skipped or called done unseen", not seen.counts["unsafe_skip"])
    in_doubt = sum(each.state is CommandState.UNKNOWN for each in seen.played.commands)
    yield _line("Nothing is left in doubt", in_doubt <= (seen.scenario.expected.unknown or 0))
    if lost := seen.of("connection_lost"):
        back = _comes_back(seen, lost[-1]) or _all_done(seen)
        yield _line("After the connection was lost it was made again", back)
    if wanted:
        shown = any(wanted == row.get("code") or wanted in row["what"] for row in seen.of("failed"))
        yield _line(f"The trouble was met: {failure_words(wanted)}", shown)


def _return(seen: _Seen) -> Iterator[Line]:
    if seen.joined and not seen.scenario.is_aborted:
        left = [row["elapsed"] for row in seen.of("left")]
        is_left = bool(left) and left[-1] >= seen.joined[-1]["elapsed"]
        yield _line("The HHT left the HAN at the end", is_left)
    arrived = [each for each in seen.played.commands if has_arrived(each.state)]
    if arrived:
        lost = sum(each.is_uncaptured for each in arrived) / len(arrived)
        yield Line("Every Response is kept to be returned", 1 - lost)


def _paperwork(seen: _Seen) -> Iterator[Line]:
    asked = {row["question"] for row in seen.of("install_answered")}
    if asked:
        looked = max(0.0, 1 - seen.counts["not_seen"] / len(asked))
        yield Line("Every question of the visit was looked at", looked)
    if service := seen.scenario.expected.report:
        queued = [row["service"] for row in seen.of("report_ready")]
        yield _line(f"The status update SR {service} is queued, once", queued == [service])


def _too_early(seen: _Seen) -> list[int]:
    """Return the positions that were sent while what they need had no answer."""
    after = {each.position: each.after for each in seen.played.commands}
    changed = {row["position"] for row in seen.of("command_changed")}
    answered = {each.position for each in seen.played.commands if is_done(each.state)} - changed
    early = []
    for row in seen.of("command_sent", "command_changed"):
        if row["event"] == "command_sent":
            if set(after.get(row["position"], ())) - answered:
                early.append(row["position"])
        elif row["state"] in _DONE:
            answered.add(row["position"])
    return early


def _comes_back(seen: _Seen, lost: Row) -> bool:
    return any(row["elapsed"] >= lost["elapsed"] for row in seen.joined)


def _all_done(seen: _Seen) -> bool:
    return all(is_done(each.state) for each in seen.played.commands)


def _line(text: str, holds: bool) -> Line:
    return Line(text, float(holds))


_RUBRIC: Mapping[str, tuple[str, Callable[[_Seen], Iterator[Line]]]] = {
    "connect": ("Connecting to the right hub", _connect),
    "order": ("Delivering in order", _order),
    "clock": ("Minding the clocks", _clock),
    "failures": ("Handling failures", _failures),
    "return": ("Bringing it all back", _return),
    "paperwork": ("Paperwork", _paperwork),
}
COMPETENCIES: Sequence[str] = tuple(_RUBRIC)
"""Their names, in the order of the visit."""
