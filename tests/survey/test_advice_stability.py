"""The stability of the advice in docs/channel-advice.md comes from a script that runs."""

from collections import Counter

from advice_stability import KEPT, QUIETER, kept, reasons, report
from survey_samples import survey_of

FAR_APART = {channel: [-60.0] * 5 for channel in range(11, 27)} | {20: [-90.0] * 5}


def test_a_choice_that_is_far_ahead_is_kept_at_3_db_in_each_of_200_seeds() -> None:
    assert kept(survey_of(FAR_APART, ours=11), (), 200) == 1.0


def test_the_report_says_which_rule_let_the_others_go() -> None:
    lines = report(1, 5)
    assert [line.split()[0] for line in lines if line[0] != " "] == ["1", "without", "with"]
    assert sum(QUIETER in line for line in lines) == 2


def test_two_channels_within_a_decibel_change_places_and_the_quieter_rule_is_named() -> None:
    close = FAR_APART | {20: [-90.0] * 5, 25: [-90.5] * 5}
    drawn = Counter(reasons(survey_of(close, ours=11), (), 50))
    assert drawn[QUIETER] > 0
    assert set(drawn) <= {KEPT, QUIETER}
