"""An ECQV authority for tests: issues certificates whole, and answers requests (SEC 4, 2.4)."""

import json
from pathlib import Path
from secrets import token_bytes

from hht.entity_id import EntityId
from hht.zse.cbke.ecqv import (
    SUITE_2,
    ImplicitCertificate,
    issue_certificate,
    new_private_key,
    public_key_of,
)

ISSUER = EntityId.parse("70-B3-D5-1F-30-00-00-01")


class Authority:
    """Holds the authority's key pair; byte strings are big-endian."""

    def __init__(self, private: bytes = b"", issuer: EntityId = ISSUER) -> None:
        """Take private key and name of an authority that there is; else draw a key."""
        length = SUITE_2.private_length
        self.private = private or new_private_key(SUITE_2, token_bytes).to_bytes(length, "big")
        self.issuer = issuer
        self.public = public_key_of(SUITE_2, self.private)

    def issue(self, subject: EntityId, **fields: int) -> tuple[bytes, bytes]:
        """Issue `(certificate, private key)`; `fields` are those of issue_certificate."""
        return issue_certificate(SUITE_2, self.private, self.issuer, subject, token_bytes, **fields)

    def answer(self, subject: EntityId, point: bytes) -> tuple[bytes, bytes]:
        """Answer a request with `(certificate, contribution)`: e*k + d, with k*G in the point."""
        curve = SUITE_2.curve
        drawn = new_private_key(SUITE_2, token_bytes)
        own = curve.multiply(drawn, curve.generator)
        together = curve.add(own, curve.decode(point))
        assert together is not None
        issued, _ = self.issue(subject)
        raw = issued[: SUITE_2.point.start] + curve.encode(together)
        digest = ImplicitCertificate.parse(SUITE_2, raw).hash
        number = (digest * drawn + int.from_bytes(self.private, "big")) % curve.order
        return raw, number.to_bytes(SUITE_2.private_length, "big")

    def complete(self, subject: EntityId, request: Path, install_code: str) -> list[str | Path]:
        """Answer a request's file beside it; the options of `identity complete` that name that."""
        asked = json.loads(request.read_text())
        certificate, contribution = self.answer(subject, bytes.fromhex(asked["point"]))
        files = {
            "certificate": certificate,
            "contribution": contribution,
            "ca": self.public,
            "install-code": install_code.encode(),
        }
        for name, content in files.items():
            (request.parent / name).write_bytes(content)
        return [word for name in files for word in (f"--{name}", request.parent / name)]
