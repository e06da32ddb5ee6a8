"""Service Requests that an HHT makes, as DUIS XML; SR 8.13 returns what a Device answered."""

import base64

from hht.duis.envelope import NAMESPACE, TRAINING_MARK
from hht.duis.request_id import RequestId

SCHEMA_VERSION = "5.4"
SERVICE_REFERENCE = "8.13"
NON_DEVICE_SERVICE = "8"


def return_local_command_response(
    request_id: RequestId, original: RequestId | None, gbcs: bytes, *, training: bool = False
) -> bytes:
    """Write the Service Request as compact, unsigned XML (DUIS 5.4, ReturnLocalCommandResponse).

    `original` is the RequestID of the imported Local Command, None for an Alert. `gbcs` is the
    whole GBCS message as it came from the Device. Compact, because a DCC signature covers the
    bytes with no white space between elements.
    """
    before = f"<sr:OriginalRequestID>{original}</sr:OriginalRequestID>" if original else ""
    payload = base64.b64encode(gbcs).decode()
    body = (
        f"<sr:ReturnLocalCommandResponse>{before}"
        f"<sr:DeviceGBCSResponse>{payload}</sr:DeviceGBCSResponse>"
        "</sr:ReturnLocalCommandResponse>"
    )
    return service_request(request_id, SERVICE_REFERENCE, body, training=training)


def service_request(
    request_id: RequestId, variant: str, body: str, *, training: bool = False
) -> bytes:
    """Put a Body element (compact, prefix `sr`) of a DCC-only service into its Request.

    `variant` is the Service Reference Variant, 8.13 or 8.14.2; the Service Reference is its start.
    `training` puts the mark before the root element.
    """
    header = (
        f"<sr:RequestID>{request_id}</sr:RequestID>"
        f"<sr:CommandVariant>{NON_DEVICE_SERVICE}</sr:CommandVariant>"
        f"<sr:ServiceReference>{'.'.join(variant.split('.')[:2])}</sr:ServiceReference>"
        f"<sr:ServiceReferenceVariant>{variant}</sr:ServiceReferenceVariant>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{TRAINING_MARK if training else ""}'
        f'<sr:Request xmlns:sr="{NAMESPACE}" schemaVersion="{SCHEMA_VERSION}">'
        f"<sr:Header>{header}</sr:Header><sr:Body>{body}</sr:Body></sr:Request>"
    ).encode()


def has_instruction(xml: bytes) -> bool:
    """Return whether a Request has a processing instruction, as the training mark is one."""
    return xml.count(b"<?") > 1  # the declaration is the first
