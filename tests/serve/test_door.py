"""Who may come in, by host name, origin and token."""

import pytest

from hht.serve.door import Door, digest, is_host_name, new_token, same

DOOR = Door.of("http", ["192.168.1.5", "Class.local", "fe80::1"])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8010",
        "localhost:9000",
        "LOCALHOST",
        "[::1]:8010",
        "192.168.1.5:1",
        "class.local",
        "[fe80::1]:8010",
    ],
)
def test_a_host_is_known_by_any_of_our_names_at_any_port(host: str) -> None:
    assert DOOR.knows_host([host])


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "localhost.",
        "0",
        "",
        "127.0.0.1:8010:8010",
        "127.0.0.1:",
        "127.1",
        "2130706433",
        "[::1",
        "localhost:123456",
        "127.0.0.1 ",
        "127.0.0.1\n",
        "::1",
    ],
)
def test_any_other_host_is_a_stranger_as_after_a_dns_rebinding(host: str) -> None:
    assert not DOOR.knows_host([host])


def test_a_request_has_one_host() -> None:
    assert not DOOR.knows_host([])
    assert not DOOR.knows_host(["127.0.0.1", "127.0.0.1"])


@pytest.mark.parametrize(
    "origins",
    [
        [],
        ["null"],
        ["https://127.0.0.1:8010"],
        ["http://127.0.0.1:8011"],
        ["http://localhost:8010"],
        ["http://127.0.0.1:8010/"],
        ["http://127.0.0.1:8010", "http://127.0.0.1:8010"],
    ],
)
def test_an_origin_is_the_very_page_that_was_served_or_foreign(origins: list[str]) -> None:
    assert DOOR.is_own_origin(["http://127.0.0.1:8010"], "127.0.0.1:8010")
    assert not DOOR.is_own_origin(origins, "127.0.0.1:8010")


def test_no_two_tokens_are_alike_and_none_is_in_a_repr() -> None:
    assert DOOR.class_token != DOOR.trainer_token != new_token()
    assert DOOR.class_token not in repr(DOOR)
    assert len(DOOR.class_token) >= 24


@pytest.mark.parametrize("other", ["", "ü", "\ud800", "x" * 10_000])
def test_whatever_is_compared_with_a_secret_is_only_unlike_it(other: str) -> None:
    assert not same(other, DOOR.class_token)
    assert digest(other) != digest(DOOR.class_token)
    assert same(DOOR.class_token, DOOR.class_token)


def test_a_host_name_is_given_without_a_port() -> None:
    assert is_host_name("laptop.local")
    assert is_host_name("fe80::1")
    assert not is_host_name("laptop:80")
    assert not is_host_name("laptop/x")
