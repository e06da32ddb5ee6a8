"""What text for people shows of its sender: a bootloader, a command line, a receiver, a login.

Formats: NMEA 0183; XMODEM, in which a receiver asks with the letter C; AT commands, ITU-T V.250.
"""

import re
from dataclasses import replace

from hht.radio.opening.answer import LIKELY, NCP_FIRMWARE, SURE, WRITE_FIRMWARE, Answer

OWN_PORT = "Name the dongle's own port."
_STAYS_IN_BOOTLOADER = (
    f"Unplug it and plug it in again; if it stays there, write {NCP_FIRMWARE}, to it."
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # as terminals take them, ECMA-48
_MARKUP = re.compile(r"<[^<>]*>\s*")  # a tag of XML ends as a prompt does
_QUOTED = 40  # characters of somebody else's text in our line
_TEXTS = (
    (
        r"Gecko Bootloader|BL >|Serial upload",
        "The dongle is in its bootloader: no firmware runs",
        _STAYS_IN_BOOTLOADER,
    ),
    (r"![A-Z]{2}[A-Z0-9]{2,8},", "This is a receiver of ships' positions (AIS)", OWN_PORT),
    (r"\$[A-Z]{2}[A-Z0-9]{2,8},", "This is a GPS receiver", OWN_PORT),
    (
        r"(?i)zigbee|\bz3\w*|nwk steering|scan complete handler",
        "The dongle carries router firmware with a command line ('{}')",
        WRITE_FIRMWARE,
    ),
    (
        r"(?i)openthread|\bot-\w+|Error \d+: [A-Z][a-z]",
        "The dongle carries OpenThread firmware with a command line ('{}')",
        WRITE_FIRMWARE,
    ),
    (
        r"(?m)^(AT\s*)*(OK|ERROR|RING|NO CARRIER|\+CM[ES] ERROR:.*)\s*$",
        "This is a modem",
        OWN_PORT,
    ),
    (r"(?i)(login|user ?name|password): *\Z", "This is a computer's login", OWN_PORT),
)
# A prompt at the end, or words by which a command line refuses what it does not know.
_COMMAND_LINE = re.compile(
    r"[>#$%]\s*\Z|(?i:unknown|invalid|unrecogni[sz]ed|incorrect|not found|command|syntax|usage)"
)
_IF_THIS_IS_IT = f"Name the dongle's own port; if this is it, write {NCP_FIRMWARE}, to it."


def recognise_text(heard: bytes, *, at_server: bool = False) -> Answer | None:
    """Recognise text for people, as the answer to a reset or to a line of text."""
    text = _as_text(heard)
    if text is None:
        return None
    # As memcached refuses even AT; a modem's words begin with a line end.
    refuses_all = at_server and re.fullmatch(r"(ERROR\r\n)+", text)
    for pattern, what, remedy in _TEXTS:
        if re.search(pattern, text) and not refuses_all:
            return Answer(what.format(_quoted(text)), remedy, SURE)
    if not re.search("[A-Za-z]{3}", text):
        return _few_letters(text)
    return _of_a_server(text) if at_server else _unknown_text(text)


def _few_letters(text: str) -> Answer | None:
    """Recognise lines as short as `ok`: noise hardly ever is, and `AT` is our own come back."""
    if set(text.split()) <= {"AT"} or not re.fullmatch(
        r"(\s*[ -~]*[A-Za-z]{2}[ -~]*\r?\n)+\s*", text
    ):
        return None
    return replace(_unknown_text(text), rank=LIKELY)


def recognise_prompt(heard: bytes) -> Answer | None:
    """Recognise a command line that says no word, by what it adds to the echo of a line of text."""
    text = heard.decode("latin-1")
    signs = "".join(text.split())
    if not signs or not signs.isascii() or not signs.isprintable():
        return None
    return Answer(
        f"Something with a command line answers ('{_quoted(text)}')", _IF_THIS_IS_IT, SURE
    )


def recognise_xmodem(heard: bytes) -> Answer | None:
    """Recognise a bootloader that waits for a file: it asks for one with a C each second."""
    if not re.fullmatch(rb"CC+", heard):
        return None
    what = "The dongle is in its bootloader and waits for firmware (XMODEM)"
    return Answer(what, _STAYS_IN_BOOTLOADER, LIKELY)


def _as_text(heard: bytes) -> str | None:
    text = heard.decode("ascii", "replace").replace("\0", "")
    readable = sum(char.isprintable() or char in "\r\n\t\x1b" for char in text if char != "\ufffd")
    return text if len(text) >= 4 and readable >= 0.95 * len(text) else None


def _unknown_text(text: str) -> Answer:
    if _COMMAND_LINE.search(_MARKUP.sub("", _COLOURS.sub("", text))):
        what = f"Something with a command line answers ('{_quoted(text)}')"
        return Answer(what, _IF_THIS_IS_IT, SURE)
    return Answer(
        f"Something that sends text for people answers ('{_quoted(text)}')", OWN_PORT, SURE
    )


def _of_a_server(text: str) -> Answer:
    return Answer(
        f"The server sends '{_quoted(text)}', and no dongle answers behind it",
        "Check in its settings that it serves the dongle's own port.",
        SURE,
    )


def _quoted(text: str) -> str:
    """Return the first line that has words, or else the first that has anything."""
    plain = re.sub(r"[^ -~\r\n]", "", _COLOURS.sub("", text))
    lines = [line.strip() for line in plain.splitlines()]
    worded = [line for line in lines if re.search("[A-Za-z]{3}", line)]
    return next((line for line in (*worded, *lines) if line), "")[:_QUOTED]
