"""gateway.toml: every setting of an upload by its name, each fault one line, no secret shown."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from key_files import write_key_pair
from upload_bench import upload_settings

from hht.errors import InputError
from hht.outbox.gateway.settings import (
    SETTINGS,
    Given,
    read_gateway_file,
    read_jobs_settings,
    read_settings,
)

URL = 'url = "https://gateway.example"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "gateway.toml"
    path.write_text(text)
    return path


def faults(folder: Path, text: str) -> list[str]:
    """What is wrong with the file, a line a fault."""
    with pytest.raises(InputError) as refused:
        read_gateway_file(written(folder, text))
    return str(refused.value).splitlines()


def test_every_setting_is_read_and_files_are_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "word").write_text("open sesame\n")
    write_key_pair(tmp_path, "tls", password="open sesame")
    write_key_pair(tmp_path, "sign", password="open sesame")
    text = URL + (
        'jobs_url = "https://depot.example"\n'
        'token_file = "token"\n'
        'certificate = "tls.pem"\nkey = "tls.key"\nkey_password_file = "word"\n'
        'authority = "tls.pem"\nproxy = "http://me:pa55word@proxy.example:3128"\n'
        "renumbers = true\nallow_http = false\n"
        'sign_key = "sign.key"\nsign_certificate = "sign.pem"\nsign_key_password_file = "word"\n'
        "at_once = 2\ntimeout = 5\ngive_up_after = 0\n"
    )
    assert set(re.findall(r"(?m)^(\w+) =", text)) == set(SETTINGS)
    settings = read_gateway_file(written(tmp_path, text))
    gateway = settings.gateway
    assert gateway.address == "https://gateway.example/api/v1/serviceD"
    assert (gateway.token, gateway.renumbers, gateway.timeout) == ("s3cret", True, 5)
    assert gateway.tls is not None
    assert gateway.proxy is not None
    assert str(gateway.proxy) == "the proxy proxy.example:3128 (proxy)"
    assert settings.signer is not None
    assert settings.signer.serial == 123456789
    assert (settings.at_once, settings.give_up_after) == (2, None)
    assert not {"s3cret", "pa55word", "open sesame"} & set(re.findall(r"[\w ]+", repr(settings)))


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    settings = read_gateway_file(written(tmp_path, URL))
    assert (settings.at_once, settings.give_up_after, settings.signer) == (4, 60.0, None)
    assert settings.gateway.timeout == 30.0
    assert settings.gateway.proxy is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('\nurl = "', 2, "not TOML"),
        ("\n\xff", 2, "not TOML"),
        (URL + 'token = "s3cret"', 2, "no setting 'token'"),
        (URL + '[proxy]\nhost = "s3cret"', 2, "proxy is not a text"),
        ("url = 7", 1, "url is not a text"),
        ('url = ""', 1, "url is not a text"),
        ('url = "gateway.example"', 1, "not a gateway's address"),
        ('url = "https://[::1"', 1, "not a gateway's address"),
        ('url = "https://my gateway.example"', 1, "not a gateway's address"),
        (r'url = "https://gateway\n.example"', 1, "not a gateway's address"),
        ('url = "https://<gateway>"', 1, "not a gateway's address"),
        ('url = "https://g.example:0"', 1, "not a gateway's address"),
        ('url = "https://gateway..example"', 1, "not a gateway's address"),
        (f'url = "https://{64 * "g"}.example"', 1, "not a gateway's address"),
        (URL + 'proxy = "http://proxy..example"', 2, "names no HTTP proxy"),
        ('url = "ftp://me:s3cret@gateway"', 1, "not a gateway's address"),
        ('url = "https://me:s3cret@gateway"', 1, "a user name or a password"),
        ('url = "https://me:12/s3cret@gateway"', 1, "a user name or a password"),
        ('url = "http://gateway.example"', 1, "Over http"),
        (URL + "# a remark\nrenumbers = 1", 3, "renumbers is not true or false"),
        (URL + "at_once = 9", 2, "at_once is not a whole number from 1 to 8"),
        (URL + "at_once = 2.0", 2, "at_once is not a whole number from 1 to 8"),
        (URL + "give_up_after = -1", 2, "give_up_after is not a number from 0"),
        (URL + "give_up_after = nan", 2, "give_up_after is not a number from 0"),
        (URL + "timeout = true", 2, "timeout is not a number from 1 to 600"),
        (URL + 'token_file = "s3cret"', 2, "token or passphrase cannot be read"),
        (URL + 'token_file = "two lines"', 2, "one line of printable ASCII"),
        (URL + 'token_file = "empty"', 2, "one line of printable ASCII"),
        (URL + 'proxy = "socks5://me:s3cret@proxy.example"', 2, "no HTTP proxy"),
        (URL + 'proxy = "http://proxy.example:port"', 2, "no HTTP proxy"),
        (URL + 'authority = "two lines"', 2, "issuer's certificate cannot be read"),
        (URL + 'certificate = "two lines"\nkey = "hht.key"', 2, "two lines cannot be read"),
        (URL + 'certificate = "hht.pem"\nkey = "other.key"', 3, "not the certificate's"),
        (URL + 'certificate = "hht.pem"\nkey = "locked.key"', 3, "locked.key has a passphrase"),
        (
            URL + 'certificate = "hht.pem"\nkey = "locked.key"\nkey_password_file = "token"',
            3,
            "its passphrase is another one",
        ),
        (
            URL + 'certificate = "hht.pem"\nkey = "hht.key"\nkey_password_file = "token"',
            3,
            "hht.key has no passphrase",
        ),
        (URL + 'key = "hht.key"', 2, "key needs certificate"),
        (URL + 'key_password_file = "token"', 2, "key_password_file needs certificate"),
        (URL + 'sign_key = "hht.key"', 2, "sign_key needs sign_certificate"),
        (URL + 'sign_key_password_file = "token"', 2, "file needs sign_certificate"),
        (URL + 'sign_key = "p384.key"\nsign_certificate = "p384.pem"', 2, "not on the curve P-256"),
        (URL + 'sign_key = "locked.key"\nsign_certificate = "hht.pem"', 2, "has a passphrase"),
    ],
)
def test_a_fault_is_one_line_with_its_line_number(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    (tmp_path / "token").write_text("s3cret")
    (tmp_path / "two lines").write_text("s3cret\ns3cret")
    (tmp_path / "empty").write_text("\n")
    write_key_pair(tmp_path)
    write_key_pair(tmp_path, "other")
    write_key_pair(tmp_path, "locked", password="hunter2")
    write_key_pair(tmp_path, "p384", curve=ec.SECP384R1())
    (tmp_path / "gateway.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as refused:
        read_gateway_file(tmp_path / "gateway.toml")
    said = str(refused.value)
    assert said.startswith(f"{tmp_path / 'gateway.toml'}, line {line}: ")
    assert says in said
    assert "\n" not in said
    assert "s3cret" not in said


def test_every_fault_has_its_line(tmp_path: Path) -> None:
    text = 'url = "http://g.example"\nat_once = 0\ntokn_file = "x"\nsign_key = "absent"\n'
    said = faults(tmp_path, text)
    assert sorted(re.findall(r"line (\d)", "\n".join(said))) == ["1", "2", "3", "4"]
    assert len(said) == 4
    assert "Write token_file" in "\n".join(said)


def test_a_file_without_an_address_says_where_to_write_it(tmp_path: Path) -> None:
    (said,) = faults(tmp_path, "renumbers = true")
    assert "address of the gateway is missing" in said
    assert "gateway.toml" in said


def test_a_file_that_cannot_be_read_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        read_gateway_file(tmp_path / "gateway.toml")


def test_a_fault_of_the_environment_is_said_there_and_not_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.example")
    given = {"url": Given("https://gateway.example", "--to")}
    with pytest.raises(InputError, match=r"^the environment: HTTPS_PROXY names no HTTP proxy"):
        read_settings(given, "gateway.toml")


def test_the_path_of_dcc_boxed_is_the_default() -> None:
    def address(url: str, **more: object) -> str:
        return upload_settings(url=url, **more).gateway.address

    assert address("https://g.example") == "https://g.example/api/v1/serviceD"
    assert address("https://g.example/my") == "https://g.example/my"
    assert address("http://g.example:8079", allow_http=True).startswith("http:")


def test_a_key_with_a_passphrase_is_never_asked_for(tmp_path: Path) -> None:
    key, certificate = write_key_pair(tmp_path, password="hunter2")
    word = tmp_path / "word"
    word.write_text("hunter2\n")
    files = {"url": "https://g.example", "certificate": certificate, "key": key}
    assert upload_settings(**files, key_password_file=word).gateway.tls
    with pytest.raises(InputError, match="Name a file that holds it"):
        upload_settings(**files)


def test_the_key_may_be_in_the_certificates_file(tmp_path: Path) -> None:
    key, certificate = write_key_pair(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    assert upload_settings(url="https://g.example", certificate=both).gateway.tls


def test_job_packs_are_fetched_with_the_gateways_own_settings(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    text = 'jobs_url = "https://depot.example:8443"\ntoken_file = "token"\ntimeout = 5\n'
    settings = read_jobs_settings(written(tmp_path, text))
    assert settings.address == "https://depot.example:8443/jobs"
    assert (settings.token, settings.timeout) == ("s3cret", 5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("at_once = 2\n", "where job packs are fetched"),
        ('jobs_url = "http://depot.example"\n', "anybody on the way"),
        ('jobs_url = "depot"\n', "not a gateway's address"),
        ('jobs_url = "https://depot.example"\ntimout = 5\n', "no setting 'timout'"),
    ],
)
def test_a_fault_of_the_depots_settings_has_its_line(tmp_path: Path, text, why) -> None:
    with pytest.raises(InputError, match=why):
        read_jobs_settings(written(tmp_path, text))


def test_the_documentation_has_every_setting_in_its_order() -> None:
    text = (Path(__file__).parents[3] / "docs" / "gateway.md").read_text()
    assert re.findall(r"(?m)^\| `(\w+)` \| `--", text) == list(SETTINGS)
