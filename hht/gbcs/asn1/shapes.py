"""The shapes of every ASN.1 use case, by message code and by Command, Response or Alert.

Source: GBCS section 13 and Annexes (ASN.1 modules), as seen in the RTDS 4.5.0 messages.
"""

from hht.gbcs.asn1 import codes
from hht.gbcs.asn1.der import ENUMERATED, Node
from hht.gbcs.asn1.shape import (
    Element,
    Shape,
    certificate,
    key_usage,
    lay_over,
    null,
    number,
    octets,
    sequence,
    sequence_of,
    time,
)
from hht.gbcs.message import Cra

Shapes = tuple[Shape, ...]
"""Alternatives; their tags tell them apart."""

_ROLE = number("Remote Party Role", codes.RemotePartyRole)
_USAGE = number("Cell Usage", codes.CellUsage)
_CELL = (_ROLE, key_usage, _USAGE)
_DEVICE = (octets("Device"), number("Device Type", codes.DeviceType))
_ENTRY = sequence("Device Log Entry", *_DEVICE)
_ENTRIES = sequence_of("Device Log", _ENTRY)
_ALERT = (number("Alert Code"), time("Date Time"))
_PLAIN_ALERT = sequence("Alert", *_ALERT)
_COUNTER = number("Originator Counter")

_SPECIALIST = sequence(
    "Specialist Floor", number("Counter Usage", codes.CounterUsage), number("Counter")
)
_COUNTER_CHANGE = sequence(
    "Counter Change",
    _ROLE,
    number("Floor Counter"),
    sequence_of("Specialist Floors", _SPECIALIST),
)
_STATUS = number("Status", codes.TrustAnchorStatus, tag=ENUMERATED)

_PROVIDE_COMMAND = sequence(
    "Provide Security Credential Details",
    sequence("Authorising Trust Anchor Cell", *_CELL),
    sequence_of("Roles", _ROLE),
)
_PROVIDE_RESPONSE = sequence_of(
    "Security Credential Details",
    sequence(
        "Remote Party",
        _ROLE,
        _STATUS,
        number("Current Counter"),
        sequence_of(
            "Trust Anchor Cells",
            sequence(
                "Trust Anchor Cell",
                key_usage,
                _USAGE,
                octets("Subject"),
                octets("Subject Key Identifier"),
            ),
        ),
    ),
)
_UPDATE_COMMAND = sequence(
    "Update Security Credentials",
    sequence(
        "Authorising Remote Party",
        number("Replacement Mode", codes.ReplacementMode),
        Shape("Plaintext Symmetric Key", 0x80),
        number("Time Checks", codes.TimeChecks, tag=0x81),
        sequence("Authorising Trust Anchor Cell", *_CELL, tag=0xA2),
        number("Originator Counter", tag=0x83),
        number("New Floor Counter", tag=0x84),
        sequence_of("New Specialist Floors", _SPECIALIST, tag=0xA5),
        sequence_of("Counter Changes", _COUNTER_CHANGE, tag=0xA6),
    ),
    sequence_of(
        "Replacements",
        sequence("Replacement", certificate("Certificate"), sequence("Trust Anchor Cell", *_CELL)),
    ),
    sequence_of("Certification Path", certificate("Certificate")),
    time("Execution Date Time"),
)
_UPDATE_OUTCOME = sequence(
    "Execution Outcome",
    _COUNTER,
    number("Replacement Mode", codes.ReplacementMode),
    sequence_of("Counter Changes", _COUNTER_CHANGE),
    sequence_of(
        "Replacement Outcomes",
        sequence(
            "Replacement Outcome",
            sequence("Trust Anchor Cell", *_CELL),
            _STATUS,
            octets("Existing Subject"),
            octets("Existing Subject Key Identifier"),
            octets("Replacing Subject"),
            octets("Replacing Subject Key Identifier"),
        ),
    ),
)
_JOIN = sequence(
    "Join Device",
    number("Join Method", codes.JoinMethod),
    *_DEVICE,
    certificate("Key Agreement Certificate"),
)
_ACTIVATION_OUTCOME = sequence(
    "Execution Outcome",
    number("Result", codes.ActivationResult),
    octets("Firmware Version"),
)
_ACCEPTED = null("Command Accepted")

_UPDATE: dict[Cra, Shapes] = {
    Cra.COMMAND: (_UPDATE_COMMAND,),
    Cra.RESPONSE: (sequence("Update Security Credentials", _ACCEPTED, _UPDATE_OUTCOME),),
}
_UPDATE_ALERT: dict[Cra, Shapes] = {
    Cra.ALERT: (sequence("Update Security Credentials", *_ALERT, _UPDATE_OUTCOME),)
}
_PROVIDE: dict[Cra, Shapes] = {
    Cra.COMMAND: (_PROVIDE_COMMAND,),
    Cra.RESPONSE: (_PROVIDE_RESPONSE,),
}
_JOINING: dict[Cra, Shapes] = {
    Cra.COMMAND: (_JOIN,),
    Cra.RESPONSE: (number("Result", codes.JoinResult),),
}
_UNJOINING: dict[Cra, Shapes] = {
    Cra.COMMAND: (octets("Device"),),
    Cra.RESPONSE: (number("Result", codes.UnjoinResult),),
}

SHAPES: dict[int, dict[Cra, Shapes]] = {
    0x0008: _PROVIDE,
    0x011B: _PROVIDE,
    0x000A: {
        Cra.COMMAND: (sequence("Issue Security Credentials", key_usage),),
        Cra.RESPONSE: (
            certificate("Certification Request"),
            number("Result", codes.IssueCredentialsResult),
        ),
    },
    0x000B: {
        Cra.COMMAND: (certificate("Device Certificate"),),
        Cra.RESPONSE: (number("Result", codes.UpdateCertificateResult),),
    },
    0x000C: {
        Cra.COMMAND: (sequence("Provide Device Certificate", key_usage),),
        Cra.RESPONSE: (
            certificate("Device Certificate"),
            number("Result", codes.ProvideCertificateResult),
        ),
    },
    **dict.fromkeys((0x000D, 0x000E, 0x00AB, 0x00AF), _JOINING),
    **dict.fromkeys((0x000F, 0x0010), _UNJOINING),
    0x0012: {
        Cra.COMMAND: (
            sequence(
                "Activate Firmware",
                octets("Manufacturer Image Hash"),
                _COUNTER,
                time("Execution Date Time"),
            ),
        ),
        Cra.RESPONSE: (_ACCEPTED, _ACTIVATION_OUTCOME),
    },
    0x00CA: {Cra.ALERT: (sequence("Activate Firmware", *_ALERT, _COUNTER, _ACTIVATION_OUTCOME),)},
    0x0013: {
        Cra.COMMAND: (null("Read Device Join Details"),),
        Cra.RESPONSE: (
            sequence("Device Join Details", number("Result", codes.ReadResult), _ENTRIES),
        ),
    },
    0x007F: {
        Cra.COMMAND: (
            sequence("Set Time", time("Validity Interval Start"), time("Validity Interval End")),
        ),
        Cra.RESPONSE: (
            sequence("Set Time", time("Device Time"), number("Time Status", codes.TimeStatus)),
        ),
    },
    0x008C: {
        Cra.COMMAND: (sequence("Restore GPF Device Log", _ENTRIES),),
        Cra.RESPONSE: (
            sequence(
                "Restore GPF Device Log",
                sequence_of(
                    "Restore Outcomes",
                    sequence("Restore Outcome", _ENTRY, number("Result", codes.JoinResult)),
                ),
            ),
        ),
    },
    0x00B2: {Cra.ALERT: (sequence("GPF Device Log Changed", *_ALERT, _ENTRIES),)},
    0x00CB: _UPDATE_ALERT,
    0x0124: _UPDATE_ALERT,
    **dict.fromkeys((*range(0x0100, 0x010A), 0x0125, 0x0126), _UPDATE),
    0x0128: {
        Cra.ALERT: (
            sequence(
                "Firmware Transfer",
                *_ALERT,
                octets("Device"),
                octets("Firmware Version"),
                number("Result", codes.FirmwareTransferResult),
            ),
        )
    },
    0x0129: {
        Cra.COMMAND: (null("Read Firmware Version"),),
        Cra.RESPONSE: (
            sequence(
                "Firmware",
                octets("Firmware Version"),
                number("Result", codes.ReadResult),
            ),
        ),
    },
    0x012B: {
        Cra.ALERT: (
            sequence(
                "Firmware Activated",
                *_ALERT,
                octets("Firmware Version"),
                number("Result", codes.ImageActivationResult),
            ),
        )
    },
}


def name_nodes(message_code: int, cra: Cra, root: Node) -> Element:
    """Return the tree with the names of its use case; ASN.1 type names where there is none.

    An Alert of no use case of its own begins as all Alerts do: with its code and time.
    """
    plain = (_PLAIN_ALERT,) if cra is Cra.ALERT else ()
    alternatives = SHAPES.get(message_code, {}).get(cra, plain)
    shape = next((shape for shape in alternatives if shape.tag == root.tag), None)
    return lay_over(shape, root)
