"""The study of the channel advice: what the page says is what the script prints."""

from pathlib import Path

from channel_study import Building, study

PAGE = Path(__file__).parents[2] / "docs" / "channel-advice.md"


def test_the_page_has_what_the_script_prints() -> None:
    assert "\n".join(study(200, 1)) in PAGE.read_text()


def test_a_building_is_the_same_for_the_same_seed() -> None:
    one, other = Building(7), Building(7)
    assert one.hubs == other.hubs
    assert one.survey() == other.survey()
    assert len({Building(seed).own for seed in range(20)}) > 1
