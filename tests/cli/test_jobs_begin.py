"""`hht jobs begin`: a job without a pack."""

import pytest


def test_a_job_is_begun_once_and_listed(hht) -> None:
    for _ in range(2):
        ran = hht("jobs", "begin", "JOB-4711", "--address", "1 High Street", "--json")
        assert (ran.code, ran.rows) == (0, [{"job": 1, "reference": "JOB-4711", "mode": "live"}])
    assert [row["reference"] for row in hht("jobs", "list", "--json").rows] == ["JOB-4711"]


@pytest.mark.parametrize("given", [[" "], ["JOB-1", "--supplier", "nobody"]])
def test_what_is_no_job_has_one_line(hht, given) -> None:
    ran = hht("jobs", "begin", *given)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
