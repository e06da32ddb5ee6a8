"""What a debrief tells of a play, in few lines."""

from hht.training.happenings import Happening, happenings


def connection(*seconds: float) -> list[dict[str, object]]:
    steps = [{"event": "step_done", "step": "join", "seconds": each} for each in seconds[:-1]]
    tunnel = {"event": "step_done", "step": "tunnel", "seconds": seconds[-1]}
    return [{"event": "hub_chosen", "gpf": "x"}, *steps, tunnel]


def test_several_connections_are_one_line_with_the_time_of_the_first() -> None:
    rows = [*connection(2.0, 1.5), *connection(0.0), *connection(0.1)]
    assert happenings(rows) == (Happening("connected", 3, 3.5),)
