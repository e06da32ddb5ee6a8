"""What of a job has run out, and which of its certificates cannot be read."""

from collections.abc import Iterator
from datetime import datetime

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

from hht.duis.pack_check.checked_job import CheckedJob
from hht.duis.pack_check.findings import Finding
from hht.gbcs.certificates import UNREADABLE
from hht.gbcs.device_commands import JoinDevice, device_command
from hht.gbcs.errors import MalformedMessage


def expired(job: CheckedJob, now: datetime) -> Iterator[Finding]:
    """Find a pack, or a certificate in it or in a Join of it, that is no longer valid."""
    if job.not_after is not None and job.not_after < now:
        where = job.not_after_at or job.where
        yield Finding("expired", where, f"the pack, since {job.not_after:%Y-%m-%d}")
    for name, content in (*job.certificates.items(), *_in_joins(job)):
        until = _valid_until(content)
        if until is not None and until < now:
            yield Finding("expired", name, f"a certificate, since {until:%Y-%m-%d}")


def unreadable_certificates(job: CheckedJob) -> Iterator[Finding]:
    """Find a PEM file in which neither a certificate nor a public key can be read."""
    surplus = {each.where for each in job.findings if each.code == "surplus-file"}
    for name, pem in job.certificates.items():
        if name in surplus:
            continue
        try:
            (load_pem_x509_certificate if b"CERTIFICATE" in pem else load_pem_public_key)(pem)
        except UNREADABLE:
            yield Finding("unreadable-pack", name, "it holds no certificate that can be read")


def _in_joins(job: CheckedJob) -> Iterator[tuple[str, bytes]]:
    """Yield the certificate (DER) that a Join of method C carries, with its file's name."""
    for name, command in job.commands:
        try:
            about = device_command(command.message)
        except MalformedMessage:
            continue
        if isinstance(about, JoinDevice) and about.certificate:
            yield name, about.certificate


def _valid_until(content: bytes) -> datetime | None:
    """Return a certificate's end; None for what is none, such as a bare public key."""
    load = load_pem_x509_certificate if b"-----BEGIN" in content else load_der_x509_certificate
    try:
        return load(content).not_valid_after_utc
    except UNREADABLE:
        return None
