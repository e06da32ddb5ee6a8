"""The evidence of a batch: one JSON object a line, each chained to the one before, the end signed.

Lines are `batch`, one `unit` each, one `event` each and `end`. `chain` is the SHA-256 of the chain
of the line before (32 zero bytes before the first) and of the line without its own chain; the
facility's key signs the last one. Of a unit, what was seen on it is apart from what was meant.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import msgspec

from hht.errors import HhtError, InputError
from hht.facility.batches.records import BatchRow, UnitRow, UnitState
from hht.facility.batches.store import BatchStore, events_of, units_of
from hht.facility.package.keys import FacilityKey, is_signed
from hht.facility.wire.proofs import Receipt
from hht.files import check_own, open_plain, replacing

FORMAT = "hht-facility-evidence/1"
MISSING = frozenset(UnitState) - {UnitState.LOADED, UnitState.REJECTED}
"""What is neither loaded nor rejected: each is named with its state."""
Line = dict[str, Any]


class EvidenceRefused(HhtError):
    """Evidence that was changed, or is none."""

    code = "FAC-07"


def write_evidence(books: BatchStore, batch: BatchRow, key: FacilityKey, path: Path) -> Line:
    """Write the evidence; return what it says of the batch as a whole, as `check_evidence` does.

    InputError where the file can't be written.
    """
    chain, last, first = bytes(32), Line(), Line()
    check_own(path, FORMAT.encode())
    try:
        with (
            replacing(path) as descriptor,
            os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file,
        ):
            for line in _lines(books, batch):
                if line["line"] == "end":
                    line = _signed(chain, line, key)
                else:
                    chain, line = _chained(chain, line)
                file.write(_text(line) + "\n")
                first, last = first or line, line
    except OSError as error:
        raise InputError(
            f"The file can't be written ({error.strerror})", where=str(path), remedy="Name another."
        ) from None
    return _whole(first, last)


def check_evidence(path: Path, key: Any) -> Line:
    """Read evidence again; EvidenceRefused where a byte was changed.

    Returns its last line with the batch's name, state and mode. `key` is the facility's public
    key. Every receipt in it is checked too.
    """
    try:
        return _checked(path, key)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refused(path, 0, "a line has not what it should have") from None


def _checked(path: Path, key: Any) -> Line:
    chain, first, last, counted = bytes(32), Line(), Line(), Counter[str]()
    for number, line in _read(path):
        if last.get("line") == "end":
            raise _refused(path, number, "it goes on behind its end")
        given = line.pop("chain", "")
        signature = line.pop("signature", "")
        chain, _ = _chained(chain, line)
        if given != chain.hex():
            raise _refused(path, number, "it was changed, or a line before it is missing")
        _check_line(path, number, line, counted)
        last = {**line, "chain": given, "signature": signature}
        first = first or last
    if last.get("line") != "end":
        raise _refused(path, 0, "its end is missing")
    if not is_signed(key, bytes.fromhex(last["signature"]), bytes.fromhex(last["chain"])):
        raise _refused(path, 0, "it is not signed by this facility")
    return _whole(first, last)


def _whole(first: Line, last: Line) -> Line:
    return {"batch": first["id"], "state": first["state"], "mode": first["mode"], **last}


def missing_units(books: BatchStore, batch: str) -> Iterator[UnitRow]:
    """List the units that are neither loaded nor rejected."""
    return (unit for unit in units_of(books, batch) if unit.state in MISSING)


def _lines(books: BatchStore, batch: BatchRow) -> Iterator[Line]:
    yield {"line": "batch", "format": FORMAT, **msgspec.to_builtins(batch)}
    counted: Counter[str] = Counter()
    for unit in units_of(books, batch.id):
        counted[unit.state.value] += 1
        yield _unit_line(unit)
    events = 0
    for event in events_of(books, batch.id):
        events += 1
        yield {"line": "event", **msgspec.to_builtins(event)}
    missing = sum(counted[state.value] for state in MISSING)
    yield {
        "line": "end",
        "units": counted.total(),
        "loaded": counted["loaded"],
        "rejected": counted["rejected"],
        "missing": missing,
        "events": events,
    }


def _unit_line(unit: UnitRow) -> Line:
    """Say of one unit what was intended for it, and what was observed on it."""
    receipt = msgspec.to_builtins(Receipt.read(unit.receipt)) if unit.receipt else None
    return {
        "line": "unit",
        "eui": unit.eui,
        "state": unit.state.value,
        "intended": {"package_sha256": unit.digest or None},
        "observed": {
            "receipt": receipt,
            "at": unit.since,
            "tries": unit.tries,
            "reason": unit.reason or None,
        },
        "said": {"bench": unit.bench, "slot": unit.slot, "operator": unit.operator},
    }


def _check_line(path: Path, number: int, line: Line, counted: Counter[str]) -> None:
    if line.get("line") == "unit":
        counted[line["state"]] += 1
        if line["state"] == UnitState.LOADED:
            _check_receipt(path, number, line)
    elif line.get("line") == "end" and counted.total() != line["units"]:
        raise _refused(path, number, "it has another number of units than it says")


def _check_receipt(path: Path, number: int, line: Line) -> None:
    receipt = msgspec.convert(line["observed"]["receipt"], Receipt)
    of_unit = receipt.eui == line["eui"]
    if not (of_unit and receipt.digest == line["intended"]["package_sha256"] and receipt.is_valid):
        raise _refused(path, number, f"the receipt of {line['eui']} does not hold")


def _chained(chain: bytes, line: Line) -> tuple[bytes, Line]:
    linked = sha256(chain + _text(line).encode()).digest()
    return linked, {**line, "chain": linked.hex()}


def _signed(chain: bytes, line: Line, key: FacilityKey) -> Line:
    linked, line = _chained(chain, line)
    return {**line, "signature": key.sign(linked).hex()}


def _text(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _read(path: Path) -> Iterable[tuple[int, Line]]:
    try:
        with TextIOWrapper(open_plain(path), encoding="utf-8", newline="\n") as file:
            for number, text in enumerate(file, 1):
                line = json.loads(text)
                if not isinstance(line, dict):
                    raise _refused(path, number, "it is no line of evidence")
                # The chain is over what was read: another spelling would not change it.
                if text != _text(line) + "\n":
                    raise _refused(path, number, "it was changed")
                yield number, line
    except OSError as error:
        raise InputError(
            f"The file can't be read ({error.strerror})", where=str(path), remedy="Check its name."
        ) from None
    except (ValueError, RecursionError):
        raise _refused(path, 0, "it is no JSON, line by line") from None


def _refused(path: Path, number: int, why: str) -> EvidenceRefused:
    place = f"{path}, line {number}" if number else str(path)
    return EvidenceRefused(
        f"This evidence does not hold: {why}",
        where=place,
        remedy="Ask the facility for the file again.",
    )
