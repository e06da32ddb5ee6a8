"""The 32-bit sub-GHz channel masks: channel page in the top five bits, channels in the others.

Page 28 holds channels 0-26, 29 holds 27-34, 30 holds 35-61, 31 the upper band's 0-26. Source: the
Communications Hub Function documentation of sub-GHz stacks, and the RTDS 4.5.0 DBCH messages.
"""

_FIRST = {28: 0, 29: 27, 30: 35, 31: 0}
_CHANNEL_BITS = 27


def channels_in_words(octets: bytes) -> str:
    """A 4-byte mask, as `page 28, channels 1, 2`; hexadecimal where it has no such page."""
    mask = int.from_bytes(octets, "big")
    page = mask >> _CHANNEL_BITS
    if len(octets) != 4 or page not in _FIRST:
        return octets.hex().upper()
    numbers = [str(_FIRST[page] + bit) for bit in range(_CHANNEL_BITS) if mask >> bit & 1]
    if not numbers:
        return f"page {page}, no channel"
    return f"page {page}, channel{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
