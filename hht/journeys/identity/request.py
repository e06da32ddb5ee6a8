"""Request a certificate for a key made on this handheld, and complete the identity with it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.files import decode_text, read_input, write_new
from hht.journeys.identity.parts import PartFiles, read_bytes, read_certificate, read_code
from hht.session.identity import HhtIdentity
from hht.zse.cbke.ecqv import SUITE_2, Random
from hht.zse.cbke.ecqv_request import key_fits, make_request, private_key_of
from hht.zse.cbke.exchange import CbkeIdentity

PENDING = "hht-identity-request.json"
"""In the data folder, until the certificate is there: it has the secret half."""


def request_certificate(data_dir: Path, subject: EntityId, random: Random = token_bytes) -> str:
    """Draw the key's secret, keep it, and return the request to send: subject, suite and point.

    Where one is under way it is returned as it was sent: another would make its answer useless.
    InputError where that one is for another HHT.
    """
    made = make_request(SUITE_2, random)
    asked = {"entity_id": str(subject), "suite": SUITE_2.number, "point": made.point.hex()}
    kept = json.dumps(asked | {"secret": made.secret.hex()}, indent=1).encode()
    try:
        write_new(data_dir / PENDING, kept)
    except FileExistsError:
        pending = _pending(data_dir / PENDING)
        if pending.subject == subject:
            return pending.request
        raise InputError(
            f"A certificate was requested already, for {pending.subject}",
            where=str(data_dir / PENDING),
            remedy="Complete that request; if it will never be answered, forget it: M, Identity… in"
            " the app, or delete the file.",
        ) from None
    return json.dumps(asked, indent=1)


def requested_for(data_dir: Path) -> EntityId | None:
    """Return whom a request under way is for; None without one, InputError where it is broken."""
    path = data_dir / PENDING
    return _pending(path).subject if path.exists() else None


def request_again(data_dir: Path) -> str:
    """Return the request under way as it was sent; InputError where there is none."""
    return _pending(data_dir / PENDING).request


def drop_request(data_dir: Path, subject: EntityId | None = None) -> None:
    """Forget the request under way, with its secret; with `subject` only if it is for that one."""
    if subject is None or requested_for(data_dir) == subject:
        (data_dir / PENDING).unlink(missing_ok=True)


def is_answer(data_dir: Path, parts: PartFiles) -> bool:
    """Return whether these parts answer the request under way: its certificate, and no whole key.

    InputError where a part cannot be read.
    """
    issued = read_certificate(parts.certificate)
    if requested_for(data_dir) != issued.subject:
        return False
    key = read_bytes(parts.key, issued.suite.private_length, "a private key")
    ca_key = read_bytes(parts.authority, issued.suite.curve.point_length, "a public key")
    return not key_fits(issued, key, ca_key)


def complete_request(
    data_dir: Path, certificate: Path, contribution: Path, authority: Path, install_code: Path
) -> HhtIdentity:
    """Make the identity of the pending request and the authority's answer; InputError if unfit."""
    pending = _pending(data_dir / PENDING)
    subject = pending.subject
    issued = read_certificate(certificate)
    if issued.subject != subject:
        raise InputError(
            f"The certificate is for {issued.subject}, the request was for {subject}",
            where=str(certificate),
            remedy="Give the answer to this handheld's own request.",
        )
    length = issued.suite.private_length
    key = private_key_of(
        issued, pending.secret, read_bytes(contribution, length, "an authority's contribution")
    )
    ca_key = read_bytes(authority, issued.suite.curve.point_length, "an authority's public key")
    if not key_fits(issued, key, ca_key):
        raise InputError(
            "Certificate, contribution and authority's key do not belong together",
            where=str(certificate),
            remedy="Give all three as they came in answer to this handheld's request.",
        )
    cbke = CbkeIdentity(subject, issued.raw, key, ca_key, issued.suite.number)
    return HhtIdentity(cbke, read_code(install_code))


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request under way."""

    subject: EntityId
    secret: bytes = field(repr=False)
    request: str


def _pending(path: Path) -> _Pending:
    if not path.exists():
        raise InputError(
            "No certificate was requested",
            where=str(path),
            remedy="Begin with 'hht identity request'.",
        )
    try:
        kept = json.loads(decode_text(read_input(path)))
        secret, subject = bytes.fromhex(kept.pop("secret")), EntityId.parse(kept["entity_id"])
        return _Pending(subject, secret, json.dumps(kept, indent=1))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # The cause may quote the secret: it goes no further.
        raise InputError(
            "The kept request is not whole",
            where=str(path),
            remedy="Forget it and ask again: M, Identity… in the app, or delete the file.",
        ) from None
