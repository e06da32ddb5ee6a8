"""The chart of a survey is 53 columns wide at any width of terminal, and says what it shows."""

import random
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from survey_samples import survey_of

from hht.survey.chart import WIDTH, chart, drawing
from hht.survey.figures import figures_of


@pytest.mark.parametrize("seed", range(20))
def test_no_row_is_wider_than_53_columns_and_one_is_as_wide(seed: int) -> None:
    rng = random.Random(seed)
    levels = {channel: [rng.uniform(-110, 0), rng.uniform(-110, 0)] for channel in range(11, 27)}
    hubs = [(rng.randint(11, 26), f"{at:02X}", -60.0) for at in range(40)]
    rows = chart(figures_of(survey_of(levels, hubs=hubs, ours=15)), plan=range(11, 27))
    assert max(map(len, rows)) == WIDTH == 53


def test_a_bar_is_as_high_as_the_noise_and_the_worst_value_is_marked() -> None:
    rows = chart(figures_of(survey_of({11: [-90.0, -90.0, -40.0], 12: [-30.0]})))
    assert rows[0].startswith(" -30┤")
    columns = [row[5:7] for row in rows[:9]]
    assert columns.count("╌╌") == 1
    assert "█" not in "".join(columns[:7])
    assert [row[8:10] for row in rows[:9]] == ["██"] * 9


def test_hub_plan_and_neighbours_are_below_their_channels() -> None:
    levels = {channel: [-90.0] for channel in (15, 20, 25)}
    rows = chart(figures_of(survey_of(levels, hubs=[(20, "77", -50.0)], ours=15)), plan=[20, 25])
    below = {row[:5].strip(): row for row in rows[10:14]}
    at = {channel: 5 + 3 * (channel - 11) for channel in levels}
    assert below["hub"][at[15]] == "▲"
    assert below["plan"][at[15]] == " "
    assert below["plan"][at[25]] == "●"
    assert below["nets"][at[20]] == "1"


def test_a_channel_that_was_not_measured_has_no_bar() -> None:
    rows = chart(figures_of(survey_of({11: [-50.0]})))
    assert {row[5 + 3 * 5 : 7 + 3 * 5] for row in rows[:9]} == {"  "}


def test_the_drawing_is_svg_and_tells_a_reader_who_does_not_see_it() -> None:
    levels = {channel: [-90.0 + channel] for channel in range(11, 27)}
    heard = survey_of(levels, ours=15, hubs=[(20, "01", -60.0), (20, "02", -70.0)])
    root = ElementTree.fromstring(drawing(figures_of(heard), plan=[20]))
    space = "{http://www.w3.org/2000/svg}"
    title = root.find(f"{space}title")
    assert title is not None
    assert title.text is not None
    assert "15: -75.0 dBm" in title.text
    assert "20: -70.0 dBm and 2 other networks" in title.text
    assert len(root.findall(f"{space}rect")) == 1 + 16
    texts = [each.text for each in root.findall(f"{space}text")]
    assert "15▲" in texts
    assert "20●" in texts
    assert "2" in texts


@pytest.mark.chromium
def test_a_browser_draws_the_svg_as_large_as_it_says(tmp_path: Path) -> None:
    levels = {channel: [-90.0, -80.0] for channel in range(11, 27)}
    svg = drawing(figures_of(survey_of(levels, ours=15)), plan=(15, 20, 25))
    (tmp_path / "survey.svg").write_text(svg, encoding="utf-8")
    drawn = "document.body.append('drawn', naturalWidth / naturalHeight)"
    page = f'<img src=survey.svg onload="{drawn}">'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    shown = subprocess.run(
        [
            *("chromium", "--headless=new", "--no-sandbox", "--disable-dev-shm-usage"),
            *("--disable-gpu", f"--user-data-dir={tmp_path}/browser", "--dump-dom"),
            f"file://{tmp_path}/page.html",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "drawn1.9" in shown.stdout  # 640 x 330, on whole pixels
