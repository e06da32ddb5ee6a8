"""What a message is explained with: the keys at hand, and the Command it answers."""

from dataclasses import dataclass

from hht.gbcs.correlation import key_of
from hht.gbcs.encryption import EncryptedPart, Opened, open_part
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import KeyStore, Verdict


@dataclass(frozen=True, slots=True)
class Context:
    """The message, and what helps to explain it; `command` is the one a Response answers."""

    message: Message
    keys: KeyStore | None = None
    command: Message | None = None
    show_secrets: bool = False

    @classmethod
    def of(
        cls, message: Message, keys: KeyStore | None, command: Message | None, show_secrets: bool
    ) -> "Context":
        """Return the context of a message; a Command that it does not answer is left out."""
        answers = (
            command is not None
            and message.cra is Cra.RESPONSE
            and command.cra is Cra.COMMAND
            and key_of(command) == key_of(message)
        )
        return cls(message, keys, command if answers else None, show_secrets)

    def open(self, part: EncryptedPart) -> Opened:
        """Decrypt an encrypted part, where a key is held."""
        return open_part(part, self.keys)


def how_it_opened(part: EncryptedPart, opened: Opened) -> str:
    """Return what is said in place of an encrypted value."""
    size = f"encrypted, {len(part.ciphered)} bytes"
    match opened.verdict:
        case Verdict.VALID:
            return "decrypted"
        case Verdict.INVALID:
            return f"{size}; does not open with the key held"
    return f"{size}; no key to open it"
