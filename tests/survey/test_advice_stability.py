"""The figures of docs/survey.md on how stable the advice is come from a script that runs."""

from advice_stability import kept, report
from survey_samples import survey_of

FAR_APART = {channel: [-60.0] * 5 for channel in range(11, 27)} | {20: [-90.0] * 5}


def test_a_choice_that_is_far_ahead_is_kept_at_3_db_in_each_of_200_seeds() -> None:
    assert kept(survey_of(FAR_APART, ours=11), (), 200) == 1.0


def test_the_report_has_a_line_without_and_one_with_a_plan() -> None:
    assert [line.split()[0] for line in report(1, 5)] == ["1", "without", "with"]
