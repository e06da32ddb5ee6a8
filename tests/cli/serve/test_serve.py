"""`hht serve`: what it refuses, each with one line, before anything is begun."""

import socket
from pathlib import Path

import pytest
from warm_start import run

from hht.cli.serve.class_run import Lesson, environment_of, run_class
from hht.cli.serve.reach import Reach, check_reach, way_in
from hht.errors import HhtError, InputError
from hht.serve import page

HERE = Reach(0, is_lan=False, is_open=False, names=(), certificate=None, key=None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["--radio", "/dev/ttyUSB0", "serve", "no-wan-install"], "training only"),
        (["serve", "live"], "There is no scenario 'live'"),
        (["serve", "no-wan-install", "--certificate", "c.pem"], "needs its key"),
        (["serve", "no-wan-install", "--anyone-may-read-along"], "Without --lan"),
        (["serve", "no-wan-install", "--name", "a/b"], "no host name"),
    ],
)
def test_what_cannot_be_served_is_one_line_and_leaves_nothing(
    tmp_path: Path, line: list[str], words: str
) -> None:
    done = run("hht", "--data-dir", tmp_path, *line)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(
    "line", [["--mode", "exam"], ["--seats", "0"], ["--seats", "100"], ["--port", "65536"], []]
)
def test_numbers_out_of_range_are_wrong_usage(line: list[str]) -> None:
    assert run("hht", "serve", *(["no-wan-install", *line] if line else [])).returncode == 2


def test_without_the_extra_one_line_says_how_to_get_it() -> None:
    with pytest.raises(HhtError, match=r"packaging/locked/serve.txt; .*'\./hht-VERSION-"):
        page.static_files("not_installed_anywhere")


async def test_a_port_that_is_taken_is_one_line_and_ends_the_warm_parent(tmp_path: Path) -> None:
    pytest.importorskip("textual_serve", reason="the extra 'serve' is not installed")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        reach = Reach(taken.getsockname()[1], False, False, (), None, None)
        with pytest.raises(HhtError, match="Choose another with --port"):
            await run_class(tmp_path, Lesson("no-wan-install"), 1, reach, as_json=True)


def test_only_loopback_names_are_known_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    door, tls, addresses = way_in(HERE, tmp_path)
    assert (door.scheme, tls, addresses) == ("http", None, ["127.0.0.1"])
    assert not door.knows_host([socket.gethostname() + ".example"])


def test_a_network_means_tls_unless_it_is_refused_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hht.cli.serve.reach.own_address", lambda: "192.168.1.5")
    lan = Reach(0, True, False, ("class.local",), None, None)
    door, tls, addresses = way_in(lan, tmp_path)
    assert tls
    assert (door.scheme, addresses) == ("https", ["192.168.1.5", "127.0.0.1"])
    assert door.knows_host(["class.local:8010"])
    given = Reach(0, False, False, (), tmp_path / "certificate.pem", tmp_path / "key.pem")
    assert way_in(given, tmp_path)[1].fingerprint == tls.fingerprint
    open_door, nothing, _ = way_in(Reach(0, True, True, (), None, None), tmp_path)
    assert (open_door.scheme, nothing) == ("http", None)


def test_options_that_say_nothing_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="certificate is for TLS"):
        check_reach(Reach(0, True, True, (), tmp_path / "c", tmp_path / "k"))


def test_a_seat_has_nothing_of_the_trainers_environment_but_how_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.setenv("LC_CTYPE", "C.UTF-8")
    environment = environment_of(tmp_path)
    assert "SECRET_TOKEN" not in environment
    assert environment["HOME"] == str(tmp_path)
    assert environment["LC_CTYPE"] == "C.UTF-8"
