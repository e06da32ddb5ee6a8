"""The certificate of a class in a network."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from hht.errors import InputError
from hht.serve.tls import CERTIFICATE, KEY, given_certificate, own_certificate

NAMES = ("192.168.1.5", "fe80::1", "laptop.local", "localhost")


def test_a_certificate_is_made_for_every_name_and_kept(tmp_path: Path) -> None:
    first, again = own_certificate(tmp_path, NAMES), own_certificate(tmp_path, reversed(NAMES))
    made = x509.load_pem_x509_certificate((tmp_path / CERTIFICATE).read_bytes())
    said = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in said} == set(NAMES)
    assert first.fingerprint == again.fingerprint
    assert first.context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


def test_another_name_needs_another_certificate(tmp_path: Path) -> None:
    first = own_certificate(tmp_path, NAMES)
    assert own_certificate(tmp_path, ["10.0.0.1"]).fingerprint != first.fingerprint


def test_one_that_is_given_is_used_and_one_that_does_not_work_is_one_line(tmp_path: Path) -> None:
    made = own_certificate(tmp_path / "a", NAMES)
    own_certificate(tmp_path / "b", NAMES)
    certificate, key = tmp_path / "a" / CERTIFICATE, tmp_path / "a" / KEY
    assert given_certificate(certificate, key).fingerprint == made.fingerprint
    for wrong in ((certificate, tmp_path / "b" / KEY), (key, key)):
        with pytest.raises(InputError, match="do not work together"):
            given_certificate(*wrong)
    for wrong in ((certificate, tmp_path / "no"), (tmp_path / "no", key)):
        with pytest.raises(InputError, match=r"no: The file can't be read"):
            given_certificate(*wrong)
