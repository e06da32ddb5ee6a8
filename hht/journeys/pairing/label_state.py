"""What a Device's label has shown of a pairing: a table of states and events, kept by name."""

from enum import StrEnum
from typing import Final

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.label import Label, LabelKind


class LabelState(StrEnum):
    """How far the label agrees with what the Local Commands say of the Device."""

    UNSEEN = "unseen"
    FITS = "fits"  # its Install Code is the one that CCS01 carries
    DIFFERS = "differs"  # another Install Code than CCS01's
    NO_CODE = "no-code"  # the Entity Identifier fits; no code to compare
    SKIPPED = "skipped"


class LabelEvent(StrEnum):
    """What can happen to it."""

    CODE_FITS = "code-fits"
    CODE_DIFFERS = "code-differs"
    IDENTIFIER_ONLY = "identifier-only"
    SKIP = "skip"


_S, _E = LabelState, LabelEvent

TABLE: Final = {
    **{(state, _E.CODE_FITS): _S.FITS for state in LabelState},
    **{(state, _E.CODE_DIFFERS): _S.DIFFERS for state in LabelState},
    # An identifier alone undoes no comparison of codes, and what was seen is not skipped.
    **{(state, _E.IDENTIFIER_ONLY): state for state in (_S.FITS, _S.DIFFERS)},
    **{(state, _E.IDENTIFIER_ONLY): _S.NO_CODE for state in (_S.UNSEEN, _S.NO_CODE, _S.SKIPPED)},
    **{(state, _E.SKIP): _S.SKIPPED for state in (_S.UNSEEN, _S.SKIPPED)},
}
"""A label may be scanned again: the last comparison of codes counts."""


class PairingRefused(HhtError):
    """A label, or a wish, that does not belong to this pairing."""

    code = "HHT-09"


def compare(label: Label, expected: EntityId, code: bytes | None) -> LabelEvent:
    """Compare a Device's label with the job: `code` is what CCS01 carries, None where nothing does.

    PairingRefused for a label that cannot be read and for another unit's.
    """
    if label.error or label.kind is LabelKind.UNKNOWN:
        raise PairingRefused(
            label.error or "This is no Device's label", remedy="Scan or type it again."
        )
    if label.entity_id is None and label.install_code is None:
        raise PairingRefused("This is no Device's label", remedy="Scan the label of the Device.")
    if label.entity_id not in (None, expected):
        raise PairingRefused(
            f"This is the label of another unit, {label.entity_id}",
            where=str(expected),
            remedy="Take the unit that the job names, or have the supplier send its Commands.",
        )
    if label.install_code is None or code is None:
        return LabelEvent.IDENTIFIER_ONLY
    return LabelEvent.CODE_FITS if label.install_code == code else LabelEvent.CODE_DIFFERS
