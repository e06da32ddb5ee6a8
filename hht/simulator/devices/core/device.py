"""A simulated Device: authenticate a Command, execute it, answer it protected, or refuse it.

The order is that of GBCS 6.2.4: format, recipient, use case and authority, MAC, signature,
protection against replay, then execution. A Command that fails any of these gets no Response: the
Device logs why and raises the alert that goes with it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from hht.entity_id import EntityId
from hht.gbcs.alerts import alert_name
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.message import MAC_LENGTH, SIGNATURE_LENGTH, Cra, MalformedMessage, Message
from hht.gbcs.protection import Verdict, check_mac, check_signature, seal, sign
from hht.simulator.devices.core import alerts, times
from hht.simulator.devices.core.credentials import Credentials, DeviceKeys, manufactured
from hht.simulator.devices.core.own_keys import OwnKeys
from hht.simulator.devices.core.rules import Rule, rules

_LOG_ENTRIES = 100
"""SMETS2 asks a meter for a hundred in each log."""
_FIRST_ALERT_COUNTER = 2000
"""As the reference Devices number their Alerts."""

AUTHENTICATION_FAILED = 0x8F3D
UNAUTHORISED_COMMUNICATION = 0x8F3E
NO_AUTHORITY = 0x8F30
FORMAT_CHECK_FAILED = 0x8F1E
_IN_SECURITY_LOG = frozenset(
    {AUTHENTICATION_FAILED, UNAUTHORISED_COMMUNICATION, NO_AUTHORITY, FORMAT_CHECK_FAILED}
)


class Refusal(Exception):
    """The Device does not execute this Command: the alert code and, for its log, the reason."""

    def __init__(self, alert: int, reason: str) -> None:
        super().__init__(reason)
        self.alert = alert
        self.reason = reason


class UnsignedMessage(Exception):
    """The Device would sign this message, and its signing key is not published."""

    def __init__(self, message: Message) -> None:
        super().__init__("the Device's signing key is not in the folder of keys")
        self.message = message


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert that a handler wants sent.

    `payload` makes the payload of the counter and the time; None is the Device type's plain form.
    `message_code` 0 is the generic one. A critical alert is signed, others have a MAC. `to` is a
    party or a role; None is the supplier, or the broker where the Device knows no supplier.
    """

    code: int
    message_code: int = 0
    payload: Callable[[int, datetime], bytes] | None = None
    signed: bool = True
    to: EntityId | Role | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: the payload of the Response, and the alerts that follow it."""

    payload: bytes
    alerts: tuple[AlertDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the Device's security log or event log."""

    time: str
    code: int
    text: str


class Part(Protocol):
    """Something of a Device that must survive a power cut."""

    def state(self) -> Any:
        """Return what it holds, for JSON."""

    def restore(self, state: Any) -> None:
        """Hold that again."""


Handler = Callable[[Message, datetime], Reply]
Executor = Callable[[Message, datetime], AlertDraft]


class Device:
    """One simulated Device. `handle` gets and returns whole GBCS messages.

    `handlers` execute Commands by the name their rule gives; `executors` carry out future-dated
    ones when their time has come, and return the alert for it. `log` is the security log, `events`
    the event log: every alert that does not belong into the other. One that does not check
    protection obeys anybody and answers with zeros: for rehearsals alone (hht.simulator.unchecked).
    """

    checks_protection = True

    def __init__(self, kind: DeviceType, entity_id: EntityId, keys: DeviceKeys) -> None:
        self.kind = kind
        self.entity_id = entity_id
        self.own_keys = OwnKeys(entity_id, keys)
        cells = dict(manufactured(kind, keys))
        self.credentials = Credentials(entity_id, self.own_keys.shared_secret, cells)
        self.handlers: dict[str, Handler] = {}
        self.executors: dict[str, Executor] = {}
        self.counters: dict[EntityId, int] = {}
        self.log: deque[LogEntry] = deque(maxlen=_LOG_ENTRIES)
        self.events: deque[LogEntry] = deque(maxlen=_LOG_ENTRIES)
        self.dated: dict[int, tuple[datetime, Message]] = {}
        self.parts: dict[str, Part] = {
            "credentials": self.credentials,
            "own_keys": self.own_keys,
        }
        self._alert_counter = _FIRST_ALERT_COUNTER

    def handle(self, raw: bytes, now: datetime) -> list[bytes]:
        """Execute one Command; return Response and Alerts, protected; alerts alone if refused."""
        try:
            command, rule = self._authenticate(raw)
            reply = self.handlers[rule.handler](command, now)
        except MalformedMessage as error:
            return self._refuse(Refusal(FORMAT_CHECK_FAILED, error.what), now)
        except Refusal as refusal:
            return self._refuse(refusal, now)
        self._note_counter(command)
        response = self._respond(command, rule, reply, now)
        return [response, *(self.alert(draft, now) for draft in reply.alerts)]

    def tick(self, now: datetime) -> list[bytes]:
        """Carry out the future-dated Commands whose time has come; the alerts that report it."""
        due = [code for code, (when, _) in self.dated.items() if when <= now]
        sent = []
        for code in due:
            when, command = self.dated.pop(code)
            draft = self.executors[rules()[code].handler](command, when)
            sent.append(self.alert(draft, when))
        return sent

    def alert(self, draft: AlertDraft, now: datetime) -> bytes:
        """Build one Alert of this Device, protected, with the next of its counters."""
        counter = self._alert_counter
        self._alert_counter += 1
        if draft.code not in _IN_SECURITY_LOG:
            self.log_event(draft.code, now)
        generic = alerts.GENERIC_CRITICAL if draft.signed else alerts.GENERIC_NON_CRITICAL
        if draft.payload:
            payload = draft.payload(counter, now)
        else:
            payload = alerts.plain(alerts.FORMS[self.kind], draft.code, counter, now)
        code, recipient = draft.message_code or generic, self._alert_recipient(draft.to)
        message = Message(Cra.ALERT, counter, self.entity_id, recipient, code, payload)
        return self._protect(message, signed=draft.signed)

    def note(self, now: datetime, code: int, text: str) -> None:
        """Write one line into the security log."""
        self.log.append(_entry(now, code, text))

    def log_event(self, code: int, now: datetime) -> None:
        """Write one line into the event log."""
        self.events.append(_entry(now, code, alert_name(code)))

    def clock_status(self) -> int:
        """Return the status octet of a date-time: 00 reliable, 02 unreliable."""
        return 0x00

    def state(self) -> dict[str, Any]:
        """Return what the Device keeps over a power cut, for JSON in an owner-only file."""
        return {
            "counters": {party.hex(): counter for party, counter in self.counters.items()},
            "alert_counter": self._alert_counter,
            "log": [[entry.time, entry.code, entry.text] for entry in self.log],
            "events": [[entry.time, entry.code, entry.text] for entry in self.events],
            "dated": [[when.isoformat(), m.encode().hex()] for when, m in self.dated.values()],
            "parts": {name: part.state() for name, part in self.parts.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Become what `state()` described."""
        self.counters = {EntityId.parse(k): v for k, v in state["counters"].items()}
        self._alert_counter = state["alert_counter"]
        for name, log in (("log", self.log), ("events", self.events)):
            log.clear()
            log.extend(LogEntry(*entry) for entry in state[name])
        for when, raw in state["dated"]:
            command = Message.parse(bytes.fromhex(raw))
            self.dated[command.message_code] = datetime.fromisoformat(when), command
        for name in self.parts.keys() & state["parts"].keys():
            self.parts[name].restore(state["parts"][name])

    def _authenticate(self, raw: bytes) -> tuple[Message, Rule]:
        command = Message.parse(raw)
        if command.recipient != self.entity_id or command.cra is not Cra.COMMAND:
            raise Refusal(UNAUTHORISED_COMMUNICATION, "not a Command for this Device")
        rule = rules().get(command.message_code)
        if rule is None or self.kind not in rule.devices or rule.handler not in self.handlers:
            raise Refusal(FORMAT_CHECK_FAILED, f"use case {command.message_code:04X} not supported")
        if self.checks_protection:
            if not self.credentials.roles(command.originator) & rule.roles:
                raise Refusal(NO_AUTHORITY, f"{command.originator} may not send {rule.name}")
            self._check_protection(command, rule)
        if command.counter <= self.counters.get(command.originator, -1):
            raise Refusal(UNAUTHORISED_COMMUNICATION, f"{rule.name} replayed or out of order")
        return command, rule

    def _check_protection(self, command: Message, rule: Rule) -> None:
        mac = check_mac(command, self.credentials)
        signature = check_signature(command, self.credentials)
        if mac is not Verdict.VALID and not (mac is Verdict.ABSENT and rule.protection == "either"):
            raise Refusal(AUTHENTICATION_FAILED, f"the MAC of {rule.name} is {mac}")
        needed = rule.protection == "signed" or mac is Verdict.ABSENT
        if signature is not Verdict.VALID and (needed or signature is not Verdict.ABSENT):
            raise Refusal(AUTHENTICATION_FAILED, f"the signature of {rule.name} is {signature}")
        if signature is Verdict.ABSENT and not self._can_answer(command.originator):
            raise Refusal(AUTHENTICATION_FAILED, f"no key to answer {command.originator} with")

    def _can_answer(self, party: EntityId) -> bool:
        """Return whether there is a key for the MAC of a Response to this party."""
        return self.credentials.shared_secret(self.entity_id, party) is not None

    def _note_counter(self, command: Message) -> None:
        """Raise the floor of the originator's counter, unless the Command has set a higher one."""
        floor = self.counters.get(command.originator, 0)
        self.counters[command.originator] = max(floor, command.counter)

    def _refuse(self, refusal: Refusal, now: datetime) -> list[bytes]:
        self.note(now, refusal.alert, refusal.reason)
        return [self.alert(AlertDraft(refusal.alert), now)]

    def _respond(self, command: Message, rule: Rule, reply: Reply, now: datetime) -> bytes:
        response = replace(
            command,
            cra=Cra.RESPONSE,
            originator=self.entity_id,
            recipient=command.originator,
            payload=reply.payload,
            date_time=self._stamp(rule, now),
            signature=b"",
            mac=None,
        )
        return self._protect(response, signed=bool(command.signature))

    def _stamp(self, rule: Rule, now: datetime) -> bytes:
        if rule.dated == "-":
            return b""
        return times.cosem(now, self.clock_status() if rule.dated == "status" else 0xFF)

    def _protect(self, message: Message, *, signed: bool) -> bytes:
        """Sign what is critical; MAC the rest (GBCS 6.2.5, 6.2.7)."""
        if not self.checks_protection:
            signature, mac = (bytes(SIGNATURE_LENGTH), None) if signed else (b"", bytes(MAC_LENGTH))
            return replace(message, signature=signature, mac=mac).encode()
        if signed:
            key = self.own_keys.private_key("ds")
            if key is None:
                raise UnsignedMessage(message)
            return sign(message, key).encode()
        z = self.credentials.shared_secret(self.entity_id, message.recipient)
        if z is None:
            raise LookupError(f"{self.entity_id} shares no key with {message.recipient}")
        return seal(message, z).encode()

    def _alert_recipient(self, to: EntityId | Role | None) -> EntityId:
        if isinstance(to, EntityId):
            return to
        for wanted in (to, Role.SUPPLIER, Role.ACCESS_CONTROL_BROKER):
            party = None if wanted is None else self.credentials.party(wanted)
            if party is not None:
                return party
        raise LookupError(f"{self.entity_id} has no trust anchor to send an Alert to")


def _entry(now: datetime, code: int, text: str) -> LogEntry:
    return LogEntry(now.isoformat(timespec="milliseconds"), code, text)
