"""Request a certificate for a key made on this handheld, and complete the identity with it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.files import decode_text, destroy, overwrite, read_input, write_new
from hht.journeys.identity.parts import PartFiles, read_bytes, read_certificate, read_code
from hht.session.identity import HhtIdentity
from hht.zse.cbke.ecqv import SUITE_2, Random
from hht.zse.cbke.ecqv_request import key_fits, make_request, private_key_of
from hht.zse.cbke.exchange import CbkeIdentity

if TYPE_CHECKING:
    from hht.store import Store

PENDING = "hht-identity-request.json"
"""In the data folder, until the certificate is there; without a PIN it has the secret half too."""
SECRET = "hht identity request"
"""How the secret half's names in the key ring begin, where a PIN is set; its point ends them."""


def request_certificate(
    data_dir: Path, store: "Store", subject: EntityId, random: Random = token_bytes
) -> str:
    """Draw the key's secret, keep it, and return the request to send: subject, suite and point.

    Where one is under way it is returned as it was sent: another would make its answer useless.
    InputError where that one is for another HHT.
    """
    path = data_dir / PENDING
    if not path.exists():
        return _new_request(path, store, subject, random)
    if (waits_for := _pending(path).subject) == subject:
        return request_again(data_dir, store)
    raise InputError(
        f"A certificate was requested already, for {waits_for}",
        where=str(path),
        remedy="Complete that request; if it will never be answered, forget it: M, Identity… in"
        " the app, or delete the file.",
    )


def _new_request(path: Path, store: "Store", subject: EntityId, random: Random) -> str:
    made = make_request(SUITE_2, random)
    point, secret = made.point.hex(), {"secret": made.secret.hex()}
    asked = {"entity_id": str(subject), "suite": SUITE_2.number, "point": point}
    if store.vault.is_protected:
        store.secrets.put(_secret_name(point), made.secret)
    kept = asked if store.vault.is_protected else asked | secret
    write_new(path, json.dumps(kept, indent=1).encode())
    return json.dumps(asked, indent=1)


def seal_request(data_dir: Path, store: "Store") -> None:
    """Take the secret of a request under way from its file into the key ring of a store with a
    PIN."""
    path = data_dir / PENDING
    try:
        pending = _pending(path)
    except InputError:  # there is none, or a broken one, which is in no one's way
        return
    if pending.secret:
        store.secrets.put(pending.secret_name, pending.secret)
        overwrite(path, pending.request.encode())


def requested_for(data_dir: Path) -> EntityId | None:
    """Return whom a request under way is for; None without one, InputError where it is broken."""
    path = data_dir / PENDING
    return _pending(path).subject if path.exists() else None


def request_again(data_dir: Path, store: "Store") -> str:
    """Return the request under way as it was sent; InputError where it could not be completed."""
    pending = _pending(data_dir / PENDING)
    _secret_of(pending, data_dir, store)
    return pending.request


def drop_request(data_dir: Path, store: "Store", subject: EntityId | None = None) -> None:
    """Forget the request under way, with its secret; with `subject` only if it is for that one."""
    if subject is not None and requested_for(data_dir) != subject:
        return
    if (data_dir / PENDING).exists():
        destroy(data_dir / PENDING)
    for name in store.secrets.names():
        if name.startswith(SECRET):
            store.secrets.forget(name)


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
    data_dir: Path,
    store: "Store",
    certificate: Path,
    contribution: Path,
    authority: Path,
    install_code: Path,
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
    share = read_bytes(contribution, length, "an authority's contribution")
    key = private_key_of(issued, _secret_of(pending, data_dir, store), share)
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
    """A request under way; `secret` is empty where the key ring has it."""

    subject: EntityId
    secret: bytes = field(repr=False)
    request: str
    secret_name: str


def _secret_name(point: str) -> str:
    """Return the name in the key ring: an older database has another request's under another."""
    return f"{SECRET} {point[:16]}"


def _secret_of(pending: _Pending, data_dir: Path, store: "Store") -> bytes:
    if pending.secret:
        return pending.secret
    if pending.secret_name in store.secrets.names():
        return store.secrets.get(pending.secret_name)
    raise InputError(
        "This database has no secret half for the request under way",
        where=str(data_dir / PENDING),
        remedy="Restore the backup that was made after it, or delete the file and ask again.",
    )


def _pending(path: Path) -> _Pending:
    if not path.exists():
        raise InputError(
            "No certificate was requested",
            where=str(path),
            remedy="Begin with 'hht identity request'.",
        )
    try:
        kept = json.loads(decode_text(read_input(path)))
        secret, subject = bytes.fromhex(kept.pop("secret", "")), EntityId.parse(kept["entity_id"])
        return _Pending(subject, secret, json.dumps(kept, indent=1), _secret_name(kept["point"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # The cause may quote the secret: it goes no further.
        raise InputError(
            "The kept request is not whole",
            where=str(path),
            remedy="Forget it and ask again: M, Identity… in the app, or delete the file.",
        ) from None
