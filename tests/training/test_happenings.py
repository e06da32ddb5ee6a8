"""What a debrief says of a play, in few lines."""

from hht.training.happenings import Happening, failure_words, happenings


def chosen(gpf: str, at: float) -> dict[str, object]:
    return {"event": "hub_chosen", "gpf": gpf, "elapsed": at}


def connection(at: float, seconds: float, gpf: str = "x") -> list[dict[str, object]]:
    done = {"event": "step_done", "step": "tunnel", "seconds": 0.1, "elapsed": at + seconds}
    return [chosen(gpf, at), done]


def test_several_connections_are_one_line_with_the_time_of_the_first() -> None:
    rows = [*connection(1.0, 3.5), *connection(8.0, 0.0), *connection(9.0, 0.1)]
    assert happenings(rows) == (Happening("connected", 3, 3.5),)


def test_a_connection_is_timed_from_the_first_choice_of_the_hub_that_was_joined() -> None:
    rows = [chosen("neighbour", 1.0), chosen("x", 5.0), chosen("neighbour", 20.0)]
    assert happenings([*rows, *connection(60.0, 4.0)]) == (Happening("connected", 1, 59.0),)


def test_what_went_wrong_is_reported_once_and_before_what_came_after_it() -> None:
    refused = {"event": "failed", "what": "The hub does not answer"}
    heard = {"event": "hub_found", "gpf": "x"}
    assert happenings([heard, heard, refused, refused, *connection(0.0, 2.0)]) == (
        Happening("hubs", 1),
        Happening("failed", 2, words="The hub does not answer"),
        Happening("connected", 1, 2.0),
    )


def test_what_the_radios_stack_says_of_a_failure_is_said_in_the_words_of_the_screens() -> None:
    reasons = ("the network refused the association, JOIN_FAILED", "NO_BEACONS")
    rows = [{"event": "failed", "what": f"Refused ({each})", "code": "HUB-07"} for each in reasons]
    (found,) = happenings(rows)
    assert (found.count, found.words) == (2, failure_words("HUB-07"))
    assert "JOIN_FAILED" not in found.words
