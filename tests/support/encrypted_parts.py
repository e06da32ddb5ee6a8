"""The encrypted parts of a whole DLMS payload, as a test wants them: all at once."""

from collections.abc import Iterator
from itertools import pairwise

from hht.gbcs.dlms import AccessResponse, Notification, Tag, Value
from hht.gbcs.encryption import EncryptedPart, encrypted_part, is_ciphered
from hht.gbcs.message import Message


def dlms_parts(
    payload: AccessResponse | Notification, message: Message
) -> tuple[EncryptedPart, ...]:
    """The encrypted parts of a DLMS payload, in order."""
    values = payload.data if isinstance(payload, AccessResponse) else (payload.body,)
    return tuple(encrypted_part(found, message) for value in values for found in _search(value))


def _search(value: Value) -> Iterator[bytes]:
    """Ciphered octet-strings, each beside an array of protection parameters in a structure."""
    if value.tag not in (Tag.ARRAY, Tag.STRUCTURE):
        return
    for parameters, data in pairwise(value.members):
        if parameters.tag == Tag.ARRAY and data.tag == Tag.OCTET_STRING:
            ciphered = data.octets
            if is_ciphered(ciphered):
                yield ciphered
    for member in value.members:
        yield from _search(member)
