"""The gateway's settings in a file: every setting by its name, nothing else, no secret shown."""

from pathlib import Path

import pytest

from hht.errors import InputError
from hht.outbox.gateway_file import read_gateway_file


def written(folder: Path, text: str) -> Path:
    path = folder / "gateway.toml"
    path.write_text(text)
    return path


def test_settings_are_read_and_files_are_found_beside_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    settings = read_gateway_file(
        written(
            tmp_path,
            'url = "https://gateway.example"\ntoken_file = "token"\ncertificate = "hht.pem"\n'
            "renumbers = true\n",
        )
    )
    assert settings.url == "https://gateway.example"
    assert settings.token == "s3cret"
    assert settings.certificate == tmp_path / "hht.pem"
    assert settings.renumbers
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "text",
    [
        "url = ",
        "",
        'url = "https://gateway.example"\ntoken = "s3cret"',
        "url = 7",
        'url = "https://gateway.example"\ntoken_file = "not there"',
    ],
)
def test_what_is_no_gateways_file_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_gateway_file(written(tmp_path, text))
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)
