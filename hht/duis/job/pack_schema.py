"""The JSON Schema of a job pack's description (format 2); the reader knows the same names."""

from collections.abc import Iterator, Mapping
from typing import Any

from hht.duis.job.words import BANDS, CHANNELS, HAN_VARIANTS, MODES, UPRN_DIGITS, WITH_VISIT
from hht.duis.visit_questions import LIGHT_STATES, Question, questions

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ENTITY_ID: Schema = {"type": "string", "pattern": "^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}$"}
MPXN: Schema = {"type": "string", "pattern": "^([0-9]{6,10}|[0-9]{13})$"}
MOMENT: Schema = {
    "type": "string",
    "format": "date-time",
    # Most readers of a schema do not check formats.
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$",
}


def pack_schema() -> Schema:
    """Make the schema of job.json; job.toml has the same names and kinds."""
    return _table(
        required=("format", "mode", "reference", "title", "hub"),
        format={"const": WITH_VISIT},
        mode={"enum": list(MODES)},
        reference=TEXT,
        title=TEXT,
        premises=TEXT,
        profile=TEXT,
        keys=TEXT,
        notes=TEXT,
        not_after={"anyOf": [MOMENT, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}]},
        coverage=TEXT,
        firmware_warnings={"type": "array", "items": TEXT},
        images={"type": "array", "items": _image()},
        site=_site(),
        hub=_hub(),
        devices={"type": "array", "items": _device()},
        channel_plan=_channel_plan(),
        visit=_visit(),
        commands={"type": "array", "items": _command()},
    )


def known_names() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each table of a pack and the names it can have; the empty one is the file itself."""
    properties: Mapping[str, Schema] = pack_schema()["properties"]
    yield "", frozenset(properties)
    for name, schema in properties.items():
        table = schema.get("items", schema)
        if table.get("type") == "object":
            yield name, frozenset(table["properties"])


def _table(*, required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """Return an object with these names and no other."""
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return table | ({"required": list(required)} if required else {})


def _site() -> Schema:
    uprn = [
        {"type": "integer", "minimum": 1, "maximum": 10**UPRN_DIGITS - 1},
        {"type": "string", "pattern": "^0*[1-9][0-9]*$|^$", "maxLength": UPRN_DIGITS},
    ]
    return _table(
        address=TEXT,
        mpxn={"anyOf": [MPXN, {"type": "array", "items": MPXN}]},
        uprn={"anyOf": uprn},
    )


def _hub() -> Schema:
    return _table(
        required=("chf", "gpf"),
        chf=ENTITY_ID,
        gpf=ENTITY_ID,
        wan_variant=TEXT,
        han_variant={"enum": ["", *HAN_VARIANTS]},
    )


def _device() -> Schema:
    return _table(
        required=("type", "entity_id"),
        type=TEXT,
        entity_id=ENTITY_ID,
        label=TEXT,
        install_code=TEXT,
        band={"enum": ["", *BANDS]},
        joined={"type": "boolean"},
    )


def _image() -> Schema:
    return _table(
        required=("device", "sha256"),
        device=ENTITY_ID,
        sha256={"type": "string", "pattern": "^[0-9A-Fa-f]{64}$"},
        verified={"type": "boolean"},
    )


def _channel_plan() -> Schema:
    channel = {"type": "integer", "minimum": CHANNELS.start, "maximum": CHANNELS.stop - 1}
    return _table(channels={"type": "array", "items": channel}, note=TEXT)


def _visit() -> Schema:
    answers = _table() | {"properties": {each.id: _answer(each) for each in questions()}}
    return _table(originator=ENTITY_ID, answers=answers, mpxn=TEXT)


def _command() -> Schema:
    return _table(
        required=("file", "title"),
        file=TEXT,
        title=TEXT,
        after={"type": "array", "items": TEXT},
        request_id=TEXT,
        service_reference=TEXT,
        service_reference_variant=TEXT,
    )


def _answer(question: Question) -> Schema:
    """Return the kind of answer a question has, with its choices."""
    light = f"({'|'.join(question.choices)}): ({'|'.join(LIGHT_STATES)})"
    kinds: Mapping[str, Schema] = {
        "choice": {"enum": list(question.choices)},
        "boolean": {"type": "boolean"},
        "entity": ENTITY_ID,
        "mpxn": MPXN,
        "time": MOMENT,
        "lights": {"type": "string", "pattern": f"^{light}(, {light})*$"},
    }
    return kinds.get(question.kind, TEXT)
