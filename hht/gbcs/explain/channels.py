"""Sub-GHz channels: a mask of 32 bits as pages and channels, a single one with its frequency.

The page is in the top five bits, its channels in the others. Source: the RTDS 4.5.0 DBCH messages;
ZigBee Smart Energy 1.4, clause 14.2 (page 29, bit 8); Silicon Labs' radio configurations for the
frequencies: lower band 863.25 + 0.2 n MHz, upper band 915.35 + 0.2 n MHz.
"""

from typing import NamedTuple

_CHANNEL_BITS = 27  # the bits above these are the page
_OUTSIDE_DUIS = 62  # the one channel of GBCS that DUIS has no name for


class Page(NamedTuple):
    """A channel page: its first channel, how many it has, the frequency of channel 0 in kHz."""

    first: int
    size: int
    base: int


# In kHz: channel 0 of both bands, and the distance of two channels.
_LOWER, _UPPER, _SPACING = 863_250, 915_350, 200
_PAGES = {
    28: Page(0, 27, _LOWER),
    29: Page(27, 8, _LOWER),
    30: Page(35, 27, _LOWER),
    31: Page(0, 27, _UPPER),
}
_UPPER_PAGE = 31  # the only page of the band above 915 MHz
_GHZ_CHANNELS = range(11, 27)
_BIT_OF_CHANNEL_62 = (29, 8)  # page and bit: it did not fit the page of its neighbours


def channels_in_words(octets: bytes) -> str:
    """Show a mask as `page 28, channels 1, 3-5: 863.45, 863.85-864.25 MHz`.

    Where it has no sub-GHz page that is said, with its octets: there is no channel to name.
    """
    mask = int.from_bytes(octets, "big")
    page = mask >> _CHANNEL_BITS
    if len(octets) != 4 or page not in _PAGES:
        return f"no sub-GHz page ({octets.hex().upper()})"
    band = ", upper band" if page == _UPPER_PAGE else ""
    bits = [bit for bit in range(_CHANNEL_BITS) if mask >> bit & 1]
    known = [channel for bit in bits if (channel := _channel(page, bit)) is not None]
    unused = _unused([bit for bit in bits if _channel(page, bit) is None])
    if len(bits) == 1 and known:
        return f"page {page}, channel {_name(known[0])}, {_frequency(page, known[0])} MHz{band}"
    spans = _ranges(known)
    named = ", ".join((*map(_names, spans), *unused)) if known else ""
    megahertz = ", ".join(_frequencies(page, each) for each in spans)
    where = f": {megahertz} MHz" if megahertz else ""
    none = ", ".join(("no channel", *unused))
    return f"page {page}, {f'channels {named}' if named else none}{where}{band}"


def ghz_channels_in_words(octets: bytes) -> str:
    """Show a mask of page 0, as SECMP0012's draft has it: 2.4 GHz, 5 MHz apart from 2405."""
    mask = int.from_bytes(octets, "big")
    if len(octets) != 4 or mask >> _CHANNEL_BITS:
        return f"not of page 0 ({octets.hex().upper()})"
    found = [bit for bit in range(_CHANNEL_BITS) if mask >> bit & 1]
    known = [bit for bit in found if bit in _GHZ_CHANNELS]
    unused = _unused([bit for bit in found if bit not in _GHZ_CHANNELS])
    if not known:
        return f"2.4 GHz, no channel{', '.join(['', *unused])}"
    runs = _ranges(known)
    megahertz = ", ".join(
        f"{_ghz(run[0])}-{_ghz(run[-1])}" if len(run) > 2 else ", ".join(map(_ghz, run))
        for run in runs
    )
    plural = "s" if len(known) > 1 else ""
    return f"2.4 GHz, channel{plural} {', '.join((*map(_names, runs), *unused))}: {megahertz} MHz"


def _unused(bits: list[int]) -> list[str]:
    """Return the bits of no channel: `unused bit 9`, `unused bits 9-26`."""
    runs = ", ".join(map(_names, _ranges(bits)))
    return [f"unused bit{'s' if len(bits) > 1 else ''} {runs}"] if bits else []


def _ghz(channel: int) -> str:
    return str(2405 + 5 * (channel - _GHZ_CHANNELS[0]))


def _channel(page: int, bit: int) -> int | None:
    if (page, bit) == _BIT_OF_CHANNEL_62:
        return _OUTSIDE_DUIS
    found = _PAGES[page]
    return found.first + bit if bit < found.size else None


def _frequency(page: int, channel: int) -> str:
    return f"{(_PAGES[page].base + _SPACING * channel) / 1000:.2f}"


def _ranges(channels: list[int]) -> list[list[int]]:
    """Return the channels in runs of neighbours."""
    ranges: list[list[int]] = []
    for channel in channels:
        if ranges and channel == ranges[-1][-1] + 1:
            ranges[-1].append(channel)
        else:
            ranges.append([channel])
    return ranges


def _names(run: list[int]) -> str:
    """Write three neighbours and more as `3-5`."""
    return f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(_name, run))


def _frequencies(page: int, run: list[int]) -> str:
    """Return the centre frequencies of a run in MHz, as its names."""
    if len(run) > 2:
        return f"{_frequency(page, run[0])}-{_frequency(page, run[-1])}"
    return ", ".join(_frequency(page, channel) for channel in run)


def _name(channel: int) -> str:
    return f"{channel} (outside DUIS)" if channel == _OUTSIDE_DUIS else str(channel)
