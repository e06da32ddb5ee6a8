"""Loose files as an import reads them: a mail, web page or JSON by the DUIS Responses in it."""

from hht.duis.job_json import refuse
from hht.duis.local_command import NothingToDeliver
from hht.duis.mail.documents import documents_in, is_document
from hht.duis.message_sources import find_in_content

_NO_COMMANDS = (".json", ".toml", ".pem")
_NOT_SEARCHED = (".hex", ".toml", ".pem")


def with_documents(files: dict[str, bytes], where: str) -> dict[str, bytes]:
    """Put the DUIS Responses of a mail, a web page or JSON in its place, under names of their own.

    What is a HEX file, a certificate or XML as a whole stays, and so does what holds no Response.
    """
    split: dict[str, bytes] = {}
    for name, content in files.items():
        plain = name.lower().endswith(_NOT_SEARCHED) or is_document(content)
        found = [] if plain else documents_in(content, f"{where}: {name}")
        for number, document in enumerate(found, 1):
            split[name if len(found) == 1 else f"{name} ({number} of {len(found)})"] = document
        if not found:
            split[name] = content
    return split


def may_hold_commands(name: str, content: bytes) -> bool:
    """Say whether a loose file is read as a Local Command: JSON only where a Response was in it."""
    return not name.lower().endswith(_NO_COMMANDS) or is_document(content)


def refuse_without_document(name: str, content: bytes, where: str) -> None:
    """Refuse a mail without a DUIS Response; NothingToDeliver where it has no message at all."""
    if is_document(content):
        return
    if any(found.raw for found in find_in_content(content, where) if not found.error):
        refuse(
            "It has a GBCS message and does not say under which RequestID to return its Response",
            where,
            "Import the DUIS XML that the message came in.",
        )
    if name.lower().endswith(".eml"):
        what = "There is no Local Command in this mail"
        raise NothingToDeliver(what, where=where, remedy="Import the mail that has the DUIS XML.")
