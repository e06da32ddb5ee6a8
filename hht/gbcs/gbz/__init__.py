"""GBZ payloads: what GSME and GPF Commands, Responses and Alerts are made of."""

from hht.gbcs.gbz.fields import (
    DEFAULT_RESPONSE,
    READ_ATTRIBUTES,
    READ_ATTRIBUTES_RESPONSE,
    Field,
    answered_name,
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
from hht.gbcs.gbz.reports import Report, reports_of

__all__ = [
    "DEFAULT_RESPONSE",
    "PROFILE",
    "READ_ATTRIBUTES",
    "READ_ATTRIBUTES_RESPONSE",
    "Component",
    "Field",
    "GbzAlert",
    "GbzPayload",
    "Report",
    "ZclFrame",
    "alert_component",
    "answered_name",
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
    "reports_of",
]
