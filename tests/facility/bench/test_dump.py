"""What an administrator of the shared database sees: no secret, in whichever form."""

import base64
import csv
from collections.abc import Iterator

import pytest
from facility_site import FacilitySite
from sampling import LONG

from hht.duis.local_command import read_local_command
from hht.facility.signing_key import load_signing_key
from hht.store import Mode, Store
from hht.zse import install_code

pytestmark = pytest.mark.whole_program


def secrets_of(site: FacilitySite) -> Iterator[tuple[str, bytes]]:
    """Everything that must not be there: codes, keys, and every Local Command."""
    with site.manifest.open(newline="") as file:
        for row in csv.DictReader(file):
            for column in ("install_code", "hht_install_code"):
                code = install_code.parse(row[column])
                yield f"{column} of {row['eui']}", code.code
                yield f"link key of {column}", code.link_key
            for path in sorted((site.manifest.parent / row["commands"]).glob("*.xml")):
                raw = read_local_command(path.read_bytes(), path.name).raw
                yield f"{path.name} of {row['eui']}", raw[20:]
    for eui, memory in site.memories().items():
        yield f"key of {eui}", memory.agreement_key
        yield f"signing key of {eui}", memory.signing_key
    with Store.open(site.data_dir / "facility.db", Mode.FACILITY) as store:
        yield "the facility's key", load_signing_key(store).secret


def forms_of(secret: bytes) -> list[bytes]:
    """As bytes, as hexadecimal in both cases, and as Base64 wherever in a longer text it begins."""
    texts = [secret.hex(), secret.hex().upper()]
    shifted = (base64.b64encode(bytes(n) + secret)[4:-4] for n in range(3))
    return [secret, *(text.encode() for text in texts), *shifted]


def dump_of(site: FacilitySite, request: pytest.FixtureRequest) -> bytes:
    if site.url:
        return bytes(request.getfixturevalue("server").dump(site.url))
    return site.books_file()


def test_no_secret_is_in_the_shared_database_and_the_search_finds_one_that_is_planted(
    site: FacilitySite, request: pytest.FixtureRequest
) -> None:
    if site.url and not LONG:
        pytest.skip("a server's dump is searched by .ci/long")
    site.make(2)
    assert site.load(slots=2).code == 0
    secrets, dump = list(secrets_of(site)), dump_of(site, request)
    assert len(secrets) == 2 * (2 * 2 + 3 + 2) + 1
    assert site.batch.encode() in dump
    assert found_in(dump, secrets) == []
    name, secret = secrets[0]
    site.hht("pause", "--operator", secret.hex(), *site.store_option)
    assert found_in(dump_of(site, request), secrets) == [name]


def found_in(dump: bytes, secrets: list[tuple[str, bytes]]) -> list[str]:
    return [name for name, secret in secrets if any(form in dump for form in forms_of(secret))]
