"""What a debrief tells of a play, in few lines."""

from hht.training.happenings import Happening, happenings


def connection(*seconds: float) -> list[dict[str, object]]:
    steps = [{"event": "step_done", "step": "join", "seconds": each} for each in seconds[:-1]]
    tunnel = {"event": "step_done", "step": "tunnel", "seconds": seconds[-1]}
    return [{"event": "hub_chosen", "gpf": "x"}, *steps, tunnel]


def test_several_connections_are_one_line_with_the_time_of_the_first() -> None:
    rows = [*connection(2.0, 1.5), *connection(0.0), *connection(0.1)]
    assert happenings(rows) == (Happening("connected", 3, 3.5),)


def test_what_went_wrong_is_told_once_and_before_what_came_after_it() -> None:
    refused = {"event": "failed", "what": "The hub does not answer"}
    heard = {"event": "hub_found", "gpf": "x"}
    assert happenings([heard, heard, refused, refused, *connection(2.0)]) == (
        Happening("hubs", 1),
        Happening("failed", 2, words="The hub does not answer"),
        Happening("connected", 1, 2.0),
    )
