"""The recovery code: opens what a TPM has a part of, when that TPM is gone.

160 random bits, in Base32 (RFC 4648): too many to guess, so it needs no TPM and no Argon2.
"""

import base64
import os

from hht.store.secrets.wrapping import derive

_BYTES = 20  # 160 bits: no search finds it, and it fits a line of a notebook
_DIGITS = 32  # what Base32 makes of 20 bytes, without padding
_GROUP = 4  # as many signs as two people pass on at once by telephone
_PURPOSE = "hht recovery code"


def new_recovery_code() -> str:
    """Return a code to be written down, in groups: `ABCD-EFGH-...`."""
    digits = base64.b32encode(os.urandom(_BYTES)).decode()
    return "-".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def recovery_key(text: str) -> bytes | None:
    """Return the key that a code stands for, in either case and however grouped.

    None for no code.
    """
    digits = "".join(text.upper().replace("-", " ").split())
    if len(digits) != _DIGITS:
        return None
    try:
        return derive(base64.b32decode(digits), _PURPOSE)
    except ValueError:
        return None
