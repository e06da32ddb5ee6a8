"""signxml keeps the one private part that signxml_adapter.py overrides."""

import dataclasses
import inspect

from signxml.algorithms import CanonicalizationMethod
from signxml.signer import SignatureReference, XMLSigner


def test_a_signature_is_still_built_from_references_and_what_they_digest() -> None:
    names = list(inspect.signature(XMLSigner._build_sig).parameters)
    assert names[:4] == ["self", "sig_root", "references", "c14n_inputs"]


def test_a_reference_still_names_its_own_canonical_form() -> None:
    inclusive = CanonicalizationMethod.CANONICAL_XML_1_0
    reference = dataclasses.replace(SignatureReference(URI=""), c14n_method=inclusive)
    assert reference.c14n_method is inclusive
