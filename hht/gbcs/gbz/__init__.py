"""GBZ payloads: what GSME and GPF Commands, Responses and Alerts are made of."""

from hht.gbcs.gbz.fields import (
    DEFAULT_RESPONSE,
    READ_ATTRIBUTES,
    READ_ATTRIBUTES_RESPONSE,
    Field,
    command_name,
    decode_fields,
    encode_fields,
)
from hht.gbcs.gbz.payload import (
    PROFILE,
    Component,
    GbzAlert,
    GbzPayload,
    ZclFrame,
    alert_component,
    components_of,
    decode_component,
    decode_gbz,
    decode_gbz_alert,
    encode_component,
    encode_gbz,
    encode_gbz_alert,
)

__all__ = [
    "DEFAULT_RESPONSE",
    "PROFILE",
    "READ_ATTRIBUTES",
    "READ_ATTRIBUTES_RESPONSE",
    "Component",
    "Field",
    "GbzAlert",
    "GbzPayload",
    "ZclFrame",
    "alert_component",
    "command_name",
    "components_of",
    "decode_component",
    "decode_fields",
    "decode_gbz",
    "decode_gbz_alert",
    "encode_component",
    "encode_fields",
    "encode_gbz",
    "encode_gbz_alert",
]
