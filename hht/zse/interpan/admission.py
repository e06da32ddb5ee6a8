"""How an HHT asks a hub, over inter-PAN, to add it to the CHF Device Log.

The request is a CCS01 Command (GBCS message code 0x0001) with the HHT's Entity Identifier and
Install Code, answered by a CCS01 Response. The carrier around it is the hub profile's.
"""

import hmac
from dataclasses import dataclass, field, replace

from hht.entity_id import EntityId
from hht.gbcs import dlms
from hht.gbcs.dlms import AccessRequest, AccessResponse, Result, Spec, SpecKind
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.gbcs.protection import seal
from hht.hub_profile import HubProfile
from hht.zse.errors import MalformedFrame
from hht.zse.install_code import InstallCode, InstallCodeError, parse
from hht.zse.zcl import CLUSTER_SPECIFIC, FROM_SERVER, NO_DEFAULT_RESPONSE, ZclFrame

CCS01 = 0x0001
SUCCESS = 0x00
OTHER_REASON = 0xFA

_NETWORK_CONTROL = 0x0068
_DEVICE_LOG = bytes.fromhex("00001E0300FF")
_SPECS = (
    Spec(SpecKind.ACTION, _NETWORK_CONTROL, _DEVICE_LOG, 1),
    Spec(SpecKind.SET, _NETWORK_CONTROL, _DEVICE_LOG, 3),
    Spec(SpecKind.SET, _NETWORK_CONTROL, _DEVICE_LOG, 2),
)
_KEY_TYPE = 1  # a preconfigured link key from an Install Code


@dataclass(frozen=True)
class Admission:
    """What a CCS01 of an HHT says; `command` is the whole GBCS message."""

    hht: EntityId
    install_code: InstallCode = field(repr=False)
    command: Message = field(repr=False)


@dataclass(frozen=True)
class AdmissionAnswer:
    """What the CCS01 Response says: DLMS result codes, the register_device action's first."""

    results: tuple[int, ...]

    @property
    def positive(self) -> bool:
        return bool(self.results) and not any(self.results)

    @property
    def summary(self) -> str:
        """Say it in plain words."""
        if self.positive:
            return "the HHT is in the CHF Device Log"
        codes = ", ".join(f"{code:02X}" for code in self.results)
        return f"the hub refused the CCS01 (results {codes})"


def build_admission(
    profile: HubProfile,
    hht: EntityId,
    install_code: InstallCode,
    chf: EntityId,
    counter: int,
    link_key: bytes = b"",
) -> bytes:
    """Build the ZCL payload that asks for admission; `link_key` is for a profile with a MAC."""
    payload = dlms.encode_access_request(_request(profile, hht, install_code, counter))
    message = Message(Cra.COMMAND, counter, hht, chf, CCS01, payload)
    return _carried(profile, message, link_key)


def read_admission(profile: HubProfile, payload: bytes, link_key: bytes = b"") -> Admission:
    """Read the ZCL payload; MalformedFrame when it is no CCS01 as the profile has it."""
    command = _message(profile, payload, link_key, Cra.COMMAND)
    try:
        request = dlms.decode_access_request(command.payload)
        device, _, code, _ = request.data[0].members
        hht, secret = EntityId(device.octets), code.octets
        install_code = parse(secret, with_crc=profile.install_code_with_crc)
    except (MalformedMessage, InstallCodeError, ValueError, IndexError) as error:
        raise MalformedFrame("the HHT's CCS01 holds no Device and Install Code") from error
    if request.specs != _SPECS:
        raise MalformedFrame("the HHT's CCS01 does not ask to register a Device")
    return Admission(hht, install_code, command)


def build_admission_answer(
    profile: HubProfile, admission: Admission, result: int, link_key: bytes = b""
) -> bytes:
    """Build the ZCL payload of the CCS01 Response; `result` is SUCCESS or a reason."""
    command = admission.command
    results = tuple(Result(spec.kind, result) for spec in _SPECS)
    response = AccessResponse(dlms.invoke_of(command.counter), (dlms.NULL,) * len(_SPECS), results)
    message = Message(
        Cra.RESPONSE,
        command.counter,
        command.recipient,
        command.originator,
        CCS01,
        dlms.encode_access_response(response),
    )
    return _carried(profile, message, link_key)


def read_admission_answer(
    profile: HubProfile, payload: bytes, link_key: bytes = b""
) -> AdmissionAnswer:
    """Read the ZCL payload of the hub's answer; MalformedFrame when it is no CCS01 Response."""
    message = _message(profile, payload, link_key, Cra.RESPONSE)
    try:
        response = dlms.decode_access_response(message.payload)
    except MalformedMessage as error:
        raise MalformedFrame("the CCS01 Response holds no results") from error
    return AdmissionAnswer(tuple(result.code for result in response.results))


def admission_frame(profile: HubProfile, payload: bytes, sequence: int) -> ZclFrame:
    """Build the ZCL frame of the HHT's request."""
    return ZclFrame(
        CLUSTER_SPECIFIC,
        sequence,
        profile.admission_command,
        payload,
        profile.admission_manufacturer,
    )


def answer_frame(profile: HubProfile, payload: bytes, sequence: int) -> ZclFrame:
    """Build the ZCL frame of the hub's answer."""
    control = CLUSTER_SPECIFIC | FROM_SERVER | NO_DEFAULT_RESPONSE
    command, manufacturer = profile.admission_answer_command, profile.admission_manufacturer
    return ZclFrame(control, sequence, command, payload, manufacturer)


def is_admission(profile: HubProfile, frame: ZclFrame) -> bool:
    """Return whether this frame is an HHT's request, as the profile carries it."""
    expected = (False, profile.admission_command, profile.admission_manufacturer)
    return (frame.from_server, frame.command, frame.manufacturer) == expected


def is_admission_answer(profile: HubProfile, frame: ZclFrame) -> bool:
    """Return whether this frame is a hub's answer, as the profile carries it."""
    expected = (True, profile.admission_answer_command, profile.admission_manufacturer)
    return (frame.from_server, frame.command, frame.manufacturer) == expected


def _request(
    profile: HubProfile, hht: EntityId, install_code: InstallCode, counter: int
) -> AccessRequest:
    code = install_code.with_crc if profile.install_code_with_crc else install_code.code
    device = dlms.structure(
        dlms.octets(hht),
        dlms.enum(_KEY_TYPE),
        dlms.octets(code),
        dlms.enum(profile.hht_device_type),
    )
    join_time = dlms.long_unsigned(profile.admission_join_seconds)
    data = (device, join_time, dlms.boolean(True))
    return AccessRequest(dlms.invoke_of(counter), _SPECS, data)


def _carried(profile: HubProfile, message: Message, link_key: bytes) -> bytes:
    sealed = seal(message, link_key) if profile.admission_mac else message
    return bytes.fromhex(profile.admission_prefix) + sealed.encode()


def _message(profile: HubProfile, payload: bytes, link_key: bytes, cra: Cra) -> Message:
    prefix = bytes.fromhex(profile.admission_prefix)
    if not payload.startswith(prefix):
        raise MalformedFrame("the frame does not carry a GBCS message as the hub profile says")
    try:
        message = Message.parse(payload[len(prefix) :])
    except MalformedMessage as error:
        raise MalformedFrame("the frame's GBCS message is malformed") from error
    if (message.cra, message.message_code) != (cra, CCS01):
        raise MalformedFrame(f"GBCS message {message.message_code:04X} is not the CCS01 awaited")
    if profile.admission_mac:
        _check_mac(message, link_key)
    return message


def is_sealed_with(message: Message, link_key: bytes) -> bool:
    """Return whether the message's MAC is the one that the inter-PAN link key makes."""
    expected = seal(replace(message, mac=None), link_key).mac or b""
    return hmac.compare_digest(expected, message.mac or b"")


def _check_mac(message: Message, link_key: bytes) -> None:
    if not is_sealed_with(message, link_key):
        raise MalformedFrame("the MAC of the HHT's CCS01 is absent or wrong")
