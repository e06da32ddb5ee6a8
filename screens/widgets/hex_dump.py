"""A message's bytes, eight or sixteen to a line, with their offsets."""

from textual.content import Content


def hex_dump(raw: bytes, width: int) -> Content:
    """Offsets and bytes in hexadecimal, as wide as fits into `width` cells."""
    each = 16 if width >= 4 + 1 + 16 * 3 else 8
    return Content("\n").join(
        Content.assemble((f"{start:04x} ", "$text-muted"), raw[start : start + each].hex(" "))
        for start in range(0, len(raw), each)
    )
