"""What every Device can do for its upkeep: credentials (CS02a, CS02b), firmware (CS06, CS08)."""

from datetime import UTC, datetime

from cryptography import x509

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import (
    ActivationResult,
    IssueCredentialsResult,
    ProvideCertificateResult,
    ReadResult,
    TrustAnchorStatus,
    UpdateCertificateResult,
)
from hht.gbcs.certificates import UNREADABLE
from hht.gbcs.message import Message
from hht.simulator.devices.core import alerts
from hht.simulator.devices.core.asn1_fields import encode, members, only
from hht.simulator.devices.core.device import AlertDraft, Device, Reply
from hht.simulator.devices.core.firmware import Firmware
from hht.simulator.devices.core.own_keys import USES
from hht.simulator.devices.core.trust import CredentialsUpdate, provide_details, replace_credentials

EXECUTED, NOT_EXECUTED = 0x8F66, 0x8F67
_ACTIVATE_ALERT, _CREDENTIALS_ALERT, _LOAD_CONTROLLER_ALERT = 0x00CA, 0x00CB, 0x0124
_LOAD_CONTROLLER_CODES = (0x0125, 0x0126)
_CANCEL = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""An execution time that means: forget the one you have."""


class Maintenance:
    """The use cases of maintenance, registered with a Device, and its firmware."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.firmware = Firmware()
        device.parts["firmware"] = self.firmware
        device.handlers |= {
            "read-credentials": self._read_credentials,
            "replace-credentials": self._replace_credentials,
            "activate-firmware": self._activate,
            "read-firmware": self._read_firmware,
            "issue-credentials": self._issue,
            "take-certificate": self._take,
            "provide-certificate": self._provide,
        }
        device.executors |= {
            "replace-credentials": self._replace_later,
            "activate-firmware": self._activate_later,
        }

    def _read_credentials(self, command: Message, now: datetime) -> Reply:
        device = self._device
        node = provide_details(command.payload, device.credentials, device.counters)
        return Reply(encode(node))

    def _replace_credentials(self, command: Message, now: datetime) -> Reply:
        update = CredentialsUpdate.decode(command.payload)
        if update.execute_at is not None:
            self._set_date(command, update.execute_at.time)
            return Reply(encode(der.sequence(der.null())))
        outcome = self._replace(update, command)
        return Reply(encode(der.sequence(der.null(), outcome)))

    def _replace_later(self, command: Message, now: datetime) -> AlertDraft:
        outcome = self._replace(CredentialsUpdate.decode(command.payload), command)
        statuses = {row.children[1].number for row in outcome.children[3].children}
        done = statuses <= {TrustAnchorStatus.SUCCESS}
        code = EXECUTED if done else NOT_EXECUTED
        of_load_controller = command.message_code in _LOAD_CONTROLLER_CODES
        message_code = _LOAD_CONTROLLER_ALERT if of_load_controller else _CREDENTIALS_ALERT
        return self._report(code, message_code, command, outcome)

    def _replace(self, update: CredentialsUpdate, command: Message) -> der.Node:
        device = self._device
        outcome = replace_credentials(update, device.credentials, command.counter)
        for role, floor in update.floors():
            party = device.credentials.party(role)
            if party is not None:
                device.counters[party] = floor
        return outcome

    def _activate(self, command: Message, now: datetime) -> Reply:
        image_hash, _, *time = members(only(command.payload, der.SEQUENCE), 2, 3)
        if time:
            self._set_date(command, time[0].time)
            return Reply(encode(der.null()))
        result = self.firmware.activate(image_hash.content)
        return Reply(encode(self.firmware.outcome(result)))

    def _activate_later(self, command: Message, now: datetime) -> AlertDraft:
        image_hash, counter, *_ = members(only(command.payload, der.SEQUENCE), 2, 3)
        result = self.firmware.activate(image_hash.content)
        code = EXECUTED if result is ActivationResult.SUCCESS else NOT_EXECUTED
        outcome = self.firmware.outcome(result)
        return self._report(code, _ACTIVATE_ALERT, command, der.integer(counter.number), outcome)

    def _read_firmware(self, command: Message, now: datetime) -> Reply:
        """Answer CS08."""
        only(command.payload, der.NULL)
        version = der.octets(self.firmware.version)
        return Reply(encode(der.sequence(version, der.integer(ReadResult.SUCCESS))))

    def _issue(self, command: Message, now: datetime) -> Reply:
        """Answer CS02c: a certification request for a new key pair."""
        use = _use(command)
        if use is None:
            return Reply(encode(der.integer(IssueCredentialsResult.INVALID_KEY_USAGE)))
        return Reply(self._device.own_keys.request_certificate(use))

    def _take(self, command: Message, now: datetime) -> Reply:
        """Store the certificate of CS02d for it."""
        try:
            certificate = x509.load_der_x509_certificate(command.payload)
        except UNREADABLE:
            return Reply(encode(der.integer(UpdateCertificateResult.INVALID_CERTIFICATE)))
        result = self._device.own_keys.take_certificate(certificate)
        self._device.credentials.own_key_changed()
        return Reply(encode(der.integer(result)))

    def _provide(self, command: Message, now: datetime) -> Reply:
        """Answer CS02e: the certificate in use."""
        use = _use(command)
        if use is None:
            return Reply(encode(der.integer(ProvideCertificateResult.INVALID_KEY_USAGE)))
        held = self._device.own_keys.certificate(use)
        missing = der.integer(ProvideCertificateResult.NO_CERTIFICATE_HELD)
        return Reply(held or encode(missing))

    def _set_date(self, command: Message, when: datetime) -> None:
        """Keep the Command for its time, in place of any other of its use case."""
        self._device.dated.pop(command.message_code, None)
        if when != _CANCEL:
            self._device.dated[command.message_code] = when, command

    def _report(
        self, code: int, message_code: int, command: Message, *content: der.Node
    ) -> AlertDraft:
        def payload(counter: int, now: datetime) -> bytes:
            return alerts.asn1(code, now, *content)

        return AlertDraft(code, message_code, payload, to=command.originator)


def _use(command: Message) -> str | None:
    """Return the key that a SEQUENCE of one key usage names."""
    (usage,) = members(only(command.payload, der.SEQUENCE), 1)
    return USES.get(usage.content)
