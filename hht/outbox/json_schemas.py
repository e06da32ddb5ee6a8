"""JSON Schemas of what a back office writes and reads, made of the tables the readers use."""

from collections.abc import Callable, Mapping

from hht.duis.job.pack_schema import ENTITY_ID, MOMENT, MPXN, TEXT, Schema, pack_schema
from hht.duis.status_update import (
    ORIGINATOR,
    TARGET,
    VARIANT_FIELD,
    VARIANTS,
    Field,
    fields_of,
)
from hht.outbox.manifest import FORMAT, MAC
from hht.outbox.receipts import FORMAT as RECEIPTS_FORMAT
from hht.store import Mode

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HEX: Schema = {"type": "string", "pattern": "^[0-9a-f]+$"}
_HEAD: Schema = _HEX | {"pattern": "^[0-9a-f]*$"}  # empty where the trail has no entry yet
_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_MODE: Schema = {"enum": [mode.value for mode in Mode]}


def json_schemas() -> Mapping[str, Schema]:
    """Make every schema, by the name of its file."""
    makers: Mapping[str, tuple[str, Callable[[], Schema]]] = {
        "job-pack": ("job.json of a job pack, format 2", pack_schema),
        "status-update": ("The fields of a status update, SR 8.14.1 to 8.14.4", _status_update),
        "manifest": ("manifest.json of an export", _manifest),
        "receipts": ("What the office has received, for the handheld", _receipts),
    }
    return {
        name: {"$schema": _DIALECT, "title": title} | make()
        for name, (title, make) in makers.items()
    }


def _status_update() -> Schema:
    return {"oneOf": [_variant(variant) for variant in VARIANTS]}


def _variant(variant: str) -> Schema:
    _, fields = fields_of(variant)
    return {
        "type": "object",
        "properties": {
            VARIANT_FIELD: {"const": variant},
            ORIGINATOR: ENTITY_ID,
            TARGET: ENTITY_ID,
            **{each.name: _field(each) for each in fields},
        },
        "required": [
            *(VARIANT_FIELD, ORIGINATOR),
            *(each.name for each in fields if each.mandatory),
        ],
        "additionalProperties": False,
    }


def _field(field: Field) -> Schema:
    text = TEXT | {"pattern": r"\S"} | ({"maxLength": field.most} if field.most else {})
    kinds: Mapping[str, Schema] = {
        "entity": ENTITY_ID,
        "choice": {"enum": list(field.choices)},
        "time": MOMENT,
        "boolean": {"type": "boolean"},
        "mpxn": MPXN,
    }
    return kinds.get(field.kind, text)


def _manifest() -> Schema:
    item: Mapping[str, Schema] = {
        "file": TEXT,
        "sha256": _SHA256,
        "idempotency_key": TEXT,
        "service": TEXT,
        "request_id": TEXT,
        "original_request_id": {"type": ["string", "null"]},
    }
    return _object(
        format={"const": FORMAT},
        mode=_MODE,
        audit=_object(entries={"type": "integer", "minimum": 0}, head=_HEAD),
        items={"type": "array", "items": _object(**item)},
        **{MAC: _object(key=_SHA256, value=_HEX)},
    )


def _receipts() -> Schema:
    document: Schema = {"type": "string", "contentEncoding": "base64", "minLength": 1}
    receipt = _object(idempotency_key=TEXT, code=TEXT, document=document)
    return _object(
        format={"const": RECEIPTS_FORMAT}, mode=_MODE, receipts={"type": "array", "items": receipt}
    )


def _object(**properties: Schema) -> Schema:
    """Return an object that has all of these; a later version may add to them."""
    return {"type": "object", "properties": properties, "required": list(properties)}
