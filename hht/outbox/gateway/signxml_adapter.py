"""What the DCC's profile of XML signatures needs of signxml's private parts.

The profile digests its one reference over inclusive C14N without naming that as a transform, which
signxml has no option for. `tests/outbox/gateway/test_signxml_contract.py` pins the part that is
used here.
"""

from dataclasses import replace
from typing import Any

from lxml.etree import _ElementTree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

DS = "http://www.w3.org/2000/09/xmldsig#"


class _DccSigner(XMLSigner):
    """A signer that digests `document` over inclusive C14N, not what signxml would."""

    def __init__(self, document: _ElementTree, **options: Any) -> None:
        super().__init__(**options)
        self._document = document

    def _build_sig(
        self, sig_root: Any, references: Any, c14n_inputs: Any, *rest: Any, **options: Any
    ) -> Any:
        inclusive = CanonicalizationMethod.CANONICAL_XML_1_0
        references = [replace(item, c14n_method=inclusive) for item in references]
        return super()._build_sig(sig_root, references, [self._document], *rest, **options)  # type: ignore[no-untyped-call]


def dcc_signer(document: _ElementTree) -> XMLSigner:
    """Return a signer whose one reference is digested over inclusive C14N without saying so.

    The reference is the whole document, with the training mark that may come before its root.
    """
    signer = _DccSigner(
        document,
        signature_algorithm="ecdsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signer.namespaces = {"ds": DS}
    return signer
