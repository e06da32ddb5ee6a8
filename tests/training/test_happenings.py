"""What a debrief says of a play, in few lines."""

from hht.training.happenings import Happening, failure_words, happenings


def connection(*seconds: float) -> list[dict[str, object]]:
    steps = [{"event": "step_done", "step": "join", "seconds": each} for each in seconds[:-1]]
    tunnel = {"event": "step_done", "step": "tunnel", "seconds": seconds[-1]}
    return [{"event": "hub_chosen", "gpf": "x"}, *steps, tunnel]


def test_several_connections_are_one_line_with_the_time_of_the_first() -> None:
    rows = [*connection(2.0, 1.5), *connection(0.0), *connection(0.1)]
    assert happenings(rows) == (Happening("connected", 3, 3.5),)


def test_what_went_wrong_is_reported_once_and_before_what_came_after_it() -> None:
    refused = {"event": "failed", "what": "The hub does not answer"}
    heard = {"event": "hub_found", "gpf": "x"}
    assert happenings([heard, heard, refused, refused, *connection(2.0)]) == (
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
