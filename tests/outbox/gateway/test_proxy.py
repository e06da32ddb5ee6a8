"""The proxy: from the settings, else from the usual variables, always with its name."""

import pytest

from hht.errors import InputError
from hht.outbox.gateway.proxy import proxy_for

HTTPS, HTTP = "https://gateway.example/api", "http://gateway.example:8079/api"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_there_is_none() -> None:
    assert proxy_for(HTTPS) is None


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("HTTPS_PROXY", HTTPS),
        ("https_proxy", HTTPS),
        ("HTTP_PROXY", HTTP),
        ("http_proxy", HTTP),
        ("ALL_PROXY", HTTPS),
    ],
)
def test_a_variable_names_it_and_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, "proxy.example:3128")
    proxy = proxy_for(address)
    assert proxy is not None
    assert proxy.url == "http://proxy.example:3128"
    assert str(proxy) == f"the proxy proxy.example:3128 ({variable})"


def test_the_variable_of_the_other_scheme_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    assert proxy_for(HTTPS) is None


def test_the_setting_comes_before_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://other.example:1")
    assert str(proxy_for(HTTPS, "http://proxy.example")) == "the proxy proxy.example (proxy)"


@pytest.mark.parametrize("exceptions", ["gateway.example", ".example", "*", "a.b, gateway.example"])
def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch, exceptions: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", exceptions)
    assert proxy_for(HTTPS) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_no_variable_stands_between_this_machine_and_itself(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    assert proxy_for(f"http://{host}:8080/api") is None


def test_its_password_is_kept_apart() -> None:
    proxy = proxy_for(HTTPS, "http://me:p%40ss@proxy.example:3128")
    assert proxy is not None
    assert proxy.authorization == "Basic bWU6cEBzcw=="
    assert set(proxy.secrets) == {"p@ss", "p%40ss", "bWU6cEBzcw=="}
    assert not any(secret in f"{proxy} {proxy!r}" for secret in proxy.secrets)


NO_PROXIES = ["socks5://proxy.example", "http://", "http://proxy:port", "//", "http://h:0"]


@pytest.mark.parametrize(
    "text", [*NO_PROXIES, "http://[::1:3128", "http://me:pw@ho st:1", "http://me:1/pw@proxy:2"]
)
def test_what_is_no_http_proxy_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", text)
    with pytest.raises(InputError, match="HTTPS_PROXY names no HTTP proxy"):
        proxy_for(HTTPS)
