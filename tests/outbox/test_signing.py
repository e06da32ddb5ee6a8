"""A signature in the DCC's profile: what it covers, and how it says so."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from duis_samples import BROKER, CHF, SUPPLIER
from key_files import write_key_pair
from lxml import etree
from present import present
from store_samples import CS14_ALERT, hear, open_store

from hht.duis.request_id import RequestId
from hht.duis.return_request import return_local_command_response
from hht.outbox.export import export_outbox
from hht.outbox.gateway.credentials import KeyFiles, read_key_pair
from hht.outbox.signing import RequestSigner

DS = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture
def request_xml() -> bytes:
    return return_local_command_response(
        RequestId(SUPPLIER, BROKER, 7), RequestId(SUPPLIER, CHF, 1000), b"\xdf\x09"
    )


@pytest.fixture(scope="module")
def signer(tmp_path_factory) -> RequestSigner:
    """A P-256 key and its certificate, issued by OU=07, CN=Z1."""
    return RequestSigner.of(
        read_key_pair(KeyFiles(*write_key_pair(tmp_path_factory.mktemp("smki"))))
    )


def algorithms(signature: etree._Element) -> list[str]:
    return [named for element in signature.iter() if (named := element.get("Algorithm"))]


def test_the_signature_uses_the_algorithms_of_the_dcc_and_no_other_transform(signer, request_xml):
    signature = etree.fromstring(signer.sign(request_xml)).find(f"{DS}Signature")
    assert algorithms(present(signature)) == [
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/04/xmlenc#sha256",
    ]
    assert signature.find(f".//{DS}Reference").get("URI") == ""
    assert signature.findtext(f".//{DS}X509IssuerName") == "CN=Z1,OU=07"
    assert signature.findtext(f".//{DS}X509SerialNumber") == "123456789"
    assert signature.find(f".//{DS}X509Certificate") is None


def test_the_digest_is_over_the_unsigned_request_in_inclusive_c14n(signer, request_xml):
    signature = etree.fromstring(signer.sign(request_xml)).find(f"{DS}Signature")
    canonical = etree.tostring(etree.fromstring(request_xml), method="c14n")
    digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    assert signature.findtext(f".//{DS}DigestValue") == digest


def test_the_training_mark_stays_before_the_root_and_within_the_signatures_reach(signer):
    request = return_local_command_response(
        RequestId(SUPPLIER, BROKER, 7), None, b"\xdf\x09", training=True
    )
    signed = signer.sign(request)
    assert signed.startswith(request.removesuffix(b"</sr:Request>"))
    signature = etree.fromstring(signed).find(f"{DS}Signature")
    document = etree.tostring(etree.fromstring(request).getroottree(), method="c14n")
    assert document.startswith(b"<?hht training?>")
    digest = base64.b64encode(hashlib.sha256(document).digest()).decode()
    assert signature.findtext(f".//{DS}DigestValue") == digest


def test_the_signature_is_64_bytes_and_verifies_over_signed_info_in_exclusive_c14n(
    signer, request_xml
):
    signature = etree.fromstring(signer.sign(request_xml)).find(f"{DS}Signature")
    value = base64.b64decode(present(signature).findtext(f"{DS}SignatureValue", ""))
    assert len(value) == 64
    r, s = int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")
    signed = etree.tostring(
        present(present(signature).find(f"{DS}SignedInfo")), method="c14n", exclusive=True
    )
    signer.key.public_key().verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))


def test_what_is_signed_is_compact_and_otherwise_unchanged(signer, request_xml):
    signed = signer.sign(request_xml)
    assert b"\n" not in signed.partition(b"<ds:SignatureValue>")[0]
    assert signed.startswith(request_xml.removesuffix(b"</sr:Request>"))


@pytest.mark.shared
def test_a_signed_export_is_valid_against_the_duis_schema(signer, tmp_path, shared):
    schema = etree.XMLSchema(etree.parse(str(shared / "duis" / "xsd" / "duis.xsd")))
    with open_store(tmp_path) as store:
        hear(store, CS14_ALERT)
        xml, _ = export_outbox(store, tmp_path / "out", signer=signer)
    root = etree.parse(str(xml))
    schema.assertValid(root)
    assert root.find(f"{DS}Signature") is not None


def test_the_key_is_not_in_the_signers_repr(signer):
    assert "key" not in repr(signer)
