"""`hht coverage` as a shell sees it."""

import pytest

pytestmark = pytest.mark.shared


def test_each_region_is_one_object(hht, shared) -> None:
    ran = hht("coverage", shared / "duis" / "samples" / "wan-matrix_space.xml", "--json")
    assert ran.code == 0
    (row,) = ran.rows
    assert set(row) == {
        *("region", "response_code", "coverage", "date", "technology", "likelihood"),
        *("auxiliary", "additional", "advice"),
    }
    assert (row["technology"], row["date"], row["coverage"]) == (" ", "2027-01-31", True)


def test_people_read_it_as_mp081_means_it(hht, shared) -> None:
    ran = hht("coverage", shared / "duis" / "samples" / "wan-matrix_space.xml")
    assert "coverage expected 2027-01-31, variant not confirmed" in ran.out


@pytest.mark.parametrize("name", ["wan-matrix_empty_bad.xml", "ack_I99_8.13.xml", "nowhere.xml"])
def test_anything_else_is_refused_in_one_line(hht, shared, name) -> None:
    ran = hht("coverage", shared / "duis" / "samples" / name)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
