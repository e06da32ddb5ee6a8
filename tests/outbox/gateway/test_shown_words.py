"""What a gateway says is shown as words; a secret that it repeats is not, however it writes it."""

import base64
import html
from urllib.parse import quote

import pytest

from hht.outbox.gateway.answers import judge_code
from hht.outbox.gateway.shown_words import repeats, shown_host, shown_line

TOKEN = "aB3/seCret+wOrd="
WRITINGS = {
    "as it is": TOKEN,
    "in capitals": TOKEN.upper(),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
    "base64 behind a word": base64.b64encode(b"Bearer " + TOKEN.encode()).decode(),
    "hexadecimal": TOKEN.encode().hex(),
    "HTML": html.escape(TOKEN),
    "HTML by number": "".join(f"&#{ord(sign)};" for sign in TOKEN),
    "in a URL": quote(TOKEN, safe=""),
    "with controls": "\x01".join(TOKEN),
    "with blanks": " ".join(TOKEN),
    "with tags": "<b></b>".join(TOKEN),
    "as JSON": TOKEN.replace("/", "\\/"),
    "full width": "".join(chr(ord(sign) + 0xFEE0) for sign in TOKEN),
}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_a_token_that_comes_back_is_not_shown(writing, encoding):
    line = shown_line(f"Invalid {writing} given".encode(encoding), [TOKEN])
    assert line.isprintable()
    assert not repeats(line, [TOKEN])
    assert "***" in line


@pytest.mark.parametrize("secret", ["correct-horse-battery", "hunter"])
def test_a_secret_of_words_hides_the_line_that_has_a_part_of_it(secret):
    assert shown_line(b"Invalid: Correct HORSE, hunters.", [secret]) == "***"


@pytest.mark.parametrize(
    "line",
    [
        "<!DOCTYPE html><html><head><title>Sign in</title></head>",
        '{"error":"invalid_token"}',
        "Access denied! It can't be found (try again in 30)",
        "Gäste-WLAN",
        "请登录",
    ],
)
def test_words_are_shown(line):
    assert shown_line(f"\r\n{line}\nmore".encode(), [TOKEN]) == line


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("portal.example", "portal.example"),
        ("user-1234.login.wifi.example", "login.wifi.example"),
        ("192.168.1.1", "192.168.1.1"),
        ("ab3-secret-word.example", ""),
        ("xn--a" * 10, ""),
    ],
)
def test_of_a_redirection_the_end_of_the_host_is_shown(host, shown):
    assert shown_host(host, [TOKEN]) == shown


def test_a_code_that_repeats_a_secret_is_held_and_not_shown():
    assert judge_code("xxSECRET", [TOKEN]).code == "***"
    assert judge_code("xxSECRET").code == "xxSECRET"
