"""Check an identity before a hub does: certificate, key, Entity Identifier, dongle."""

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.radio.checking.point import Point
from hht.session.identity import HhtIdentity
from hht.zse.cbke.binary_curve import InvalidPoint
from hht.zse.cbke.ecqv import SUITES, ImplicitCertificate
from hht.zse.cbke.ecqv_request import key_fits
from hht.zse.errors import MalformedFrame

WANTED_SUITE = 2
"""GBCS has no other for an HHT (SEC; ZigBee Smart Energy 1.2, Annex C)."""


def check_identity(
    identity: HhtIdentity, clock: Clock, dongle: EntityId | None = None
) -> list[Point]:
    """Look at suite, certificate, key and, where its EUI-64 is given, the dongle."""
    points = [_suite(identity)]
    try:
        certificate = ImplicitCertificate.parse(
            SUITES[identity.cbke.suite], identity.cbke.certificate
        )
    except MalformedFrame as error:
        again = "Import the certificate again, as its issuer gave it."
        return [*points, Point("certificate", False, str(error), again)]
    points += [_subject(certificate, identity), _validity(certificate, clock)]
    points.append(_key(certificate, identity))
    if dongle is not None:
        points.append(_dongle(identity.entity_id, dongle))
    return points


def _suite(identity: HhtIdentity) -> Point:
    suite = identity.cbke.suite
    if suite == WANTED_SUITE:
        return Point("suite", True, f"suite {suite}")
    return Point("suite", False, f"suite {suite}", "Ask for a certificate of suite 2.")


def _subject(certificate: ImplicitCertificate, identity: HhtIdentity) -> Point:
    if certificate.subject == identity.entity_id:
        return Point("subject", True, f"issued to {certificate.subject} by {certificate.issuer}")
    what = f"issued to {certificate.subject}, and this is {identity.entity_id}"
    return Point("subject", False, what, "Import the certificate that was issued for this HHT.")


def _validity(certificate: ImplicitCertificate, clock: Clock) -> Point:
    doubts = certificate.doubts(clock.now().timestamp())
    if not doubts:
        return Point("validity", True, "valid today, for key agreement")
    remedy = "Check this machine's date; else ask for a new certificate."
    return Point("validity", False, "it " + " and ".join(doubts), remedy)


def _key(certificate: ImplicitCertificate, identity: HhtIdentity) -> Point:
    try:
        fits = key_fits(certificate, identity.cbke.private_key, identity.cbke.ca_public_key)
    except (InvalidPoint, HhtError) as error:
        remedy = "Check that the authority's public key is that of the certificate's issuer."
        return Point("private key", False, str(error), remedy)
    if fits:
        return Point("private key", True, "fits the certificate")
    remedy = "Import the key that belongs to this certificate, and its issuer's public key."
    return Point("private key", False, "does not fit the certificate", remedy)


def _dongle(own: EntityId, dongle: EntityId) -> Point:
    if own == dongle:
        return Point("dongle", True, f"has the EUI-64 {dongle}")
    remedy = "Use this HHT's own dongle, or write its EUI-64 into the dongle with its maker's tool."
    return Point("dongle", False, f"has the EUI-64 {dongle}, the certificate {own}", remedy)
