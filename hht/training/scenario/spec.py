"""A training scenario: its premises, the trainee's briefing, what is expected and scored."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.simulator.site.spec import SiteSpec

HAPPENS = (
    "hub_back",
    "hub_not_back",
    "stepped_out",
    "stayed",
    "all_back",
    "outside_plan",
    "second_look",
)
"""What a scenario may expect of a change of channel."""
OUTCOMES = ("complete", "incomplete", "failed")


@dataclass(frozen=True, slots=True)
class ExpectedAlert:
    """An Alert that is to be heard: from the Device named, or from any where `device` is None."""

    code: int
    device: EntityId | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What else than the outcome shows that the exercise went as it is meant to go.

    None and empty expect nothing. `failure` is the code of a failure on the way, or a part of its
    line, `report` the status update (such as 8.14.2) that is to be queued. `happens` are names of
    HAPPENS, what a change of channel has to come to.
    """

    alerts: tuple[ExpectedAlert, ...]
    answered: int | None
    failed: int | None
    unknown: int | None
    failure: str
    report: str = ""
    happens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Points of a hundred that each finding costs.

    The power cycles that the scenario needs and the Commands that cannot be delivered cost none.
    """

    minute_over_par: int
    wrong_pick: int
    power_cycle: int
    undelivered: int
    unsafe_skip: int
    not_seen: int
    hint: int
    not_reached: int
    missed: int
    needed_power_cycles: int
    unavoidable: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One exercise, as its file gives it.

    `auto_speed` is the premises' speed with `--auto`. One that `is_aborted` ends before its time:
    with `--auto` after some deliveries, drawn from the seed. One that `is_draft` practises what no
    hub has yet.
    """

    site: SiteSpec
    title: str
    expects: str
    briefing: str
    hints: tuple[str, ...]
    auto_speed: float
    par_minutes: float
    expected: Expected
    score: Score
    is_aborted: bool = False
    is_draft: bool = False

    @property
    def name(self) -> str:
        return self.site.name
