"""The DUIS Responses that gateway-sim answers with, each marked as training data."""

from datetime import datetime

from hht.duis.envelope import NAMESPACE, TRAINING_MARK
from hht.duis.return_request import SCHEMA_VERSION
from hht.store.sqlite.timestamps import to_text


def acknowledgement(request_id: str, code: str, at: datetime, *, training: bool = True) -> bytes:
    """Return an unsigned Response with that code and no other content (DUIS 5.4)."""
    header = (
        f"<sr:RequestID>{request_id}</sr:RequestID><sr:ResponseCode>{code}</sr:ResponseCode>"
        f"<sr:ResponseDateTime>{to_text(at)}</sr:ResponseDateTime>"
    )
    message = (
        "<sr:ServiceReference>8.13</sr:ServiceReference>"
        "<sr:ServiceReferenceVariant>8.13</sr:ServiceReferenceVariant>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{TRAINING_MARK if training else ""}'
        f'<sr:Response xmlns:sr="{NAMESPACE}" schemaVersion="{SCHEMA_VERSION}">'
        f"<sr:Header>{header}</sr:Header>"
        f"<sr:Body><sr:ResponseMessage>{message}</sr:ResponseMessage></sr:Body></sr:Response>"
    ).encode()
