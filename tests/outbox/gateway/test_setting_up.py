"""A gateway is set up by its address or by a depot's file, and what is wrong changes nothing."""

from pathlib import Path

import pytest

from hht.errors import InputError
from hht.outbox.auto_upload import GATEWAY_FILE, fetcher, uploader
from hht.outbox.gateway.setting_up import gateway_place, take_over, use_address
from hht.outbox.gateway.settings import read_gateway_file


def depot(folder: Path, content: str) -> Path:
    folder.mkdir()
    (folder / "token").write_text("abc123")
    path = folder / "mine.toml"
    path.write_text(content)
    return path


def test_an_address_is_enough_and_keeps_the_other_settings(tmp_path: Path) -> None:
    assert gateway_place(tmp_path) == ""
    assert "gateway.example" in use_address(tmp_path, "https://gateway.example")
    (tmp_path / GATEWAY_FILE).write_text('url = "https://a.example"\nat_once = 2\n')
    use_address(tmp_path, "https://b.example:8443")
    settings = read_gateway_file(tmp_path / GATEWAY_FILE)
    assert (settings.at_once, "b.example:8443" in settings.gateway.place) == (2, True)
    assert "a.example" in (tmp_path / f"{GATEWAY_FILE}.before").read_text()
    assert uploader(tmp_path)
    assert fetcher(tmp_path)


def test_a_depots_file_brings_the_files_that_it_names_for_nobody_else_to_read(
    tmp_path: Path,
) -> None:
    source = depot(tmp_path / "stick", 'url = "https://gw.example"\ntoken_file = "token"\n')
    data_dir = tmp_path / "data"
    take_over(data_dir, source)
    (tmp_path / "stick" / "token").unlink()
    assert read_gateway_file(data_dir / GATEWAY_FILE).gateway.token == "abc123"
    assert {path.stat().st_mode & 0o777 for path in data_dir.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "content",
    [
        'url = "http://gw.example"\n',
        'url = "https://gw.example"\ntoken_file = "not there"\n',
        'url = "https://gw.example"\nurls = 1\n',
        "url = \n",
        "",
    ],
)
def test_a_faulty_file_changes_nothing(tmp_path: Path, content: str) -> None:
    use_address(tmp_path, "https://before.example")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError):
        take_over(tmp_path, depot(tmp_path / "stick", content))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


@pytest.mark.parametrize("url", ["http://gw.example", "gw.example", "https://u:p@gw.example", "x"])
def test_what_is_no_gateways_address_changes_nothing(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError) as refused:
        use_address(tmp_path, url)
    assert url not in str(refused.value) or url == "x"
    assert not (tmp_path / GATEWAY_FILE).exists()
