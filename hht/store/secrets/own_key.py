"""An Ed25519 key that a database makes for itself and never gives away, and those it trusts.

A holder of the public key can check what was signed, but cannot sign.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.errors import InputError
from hht.store.errors import StoreReadOnly

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from hht.store import Store

# 96 bits of the public key's hash: short enough to be compared by eye, too long to be matched.
_NAME_DIGITS = 24


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The use of such a key: `use` names it among the secrets, `context` begins what it signs.

    `remedy` says where a person finds the name of somebody else's.
    """

    use: str
    context: bytes
    remedy: str

    def sign(self, store: "Store", content: bytes) -> tuple[bytes, bytes]:
        """Return the public key and the signature; the key is made when it is first needed."""
        key = self._key(store, make=True)
        assert key is not None
        return key.public_key().public_bytes_raw(), key.sign(self.context + content)

    def fits(self, public: bytes, signature: bytes, content: bytes) -> bool:
        """Return whether this key has signed this content for this use."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, self.context + content)
        except (ValueError, InvalidSignature):
            return False
        return True

    def name(self, store: "Store") -> str:
        """Return the name of this database's key, which is made when it is first needed."""
        key = self._key(store, make=True)
        assert key is not None
        return name_of(key.public_key().public_bytes_raw())

    def name_to_give(self, store: "Store") -> str:
        """Return the same for somebody to trust; StoreReadOnly where a key made now is not kept."""
        database = store.database
        if (database.is_copy or database.is_read_only) and self.use not in store.secrets.names():
            raise StoreReadOnly(
                f"There is no {self.use} yet, and none can be kept here",
                where=str(database.path),
                remedy="Ask once more when the card can be written and no other hht is open.",
            )
        return self.name(store)

    def is_trusted(self, store: "Store", name: str) -> bool:
        """Return whether the key of that name is this database's own, or one that it was given to
        trust."""
        own = self._key(store, make=False)
        if own is not None and name_of(own.public_key().public_bytes_raw()) == name:
            return True
        return self._trusted(name) in store.secrets.names()

    def trust(self, store: "Store", text: str) -> str:
        """Trust the key of this name; return the name as it is written."""
        name = self.read_name(text)
        store.secrets.put(self._trusted(name), b"")
        return name

    def read_name(self, text: str) -> str:
        """Return the name of a key as a person gives it; InputError for anything else."""
        digits = "".join(text.split()).replace("-", "").upper()
        if len(digits) != _NAME_DIGITS or set(digits) - set("0123456789ABCDEF"):
            article = "an" if self.use[0] in "aeiou" else "a"
            raise InputError(f"This is not the name of {article} {self.use}", remedy=self.remedy)
        return _grouped(digits)

    def _trusted(self, name: str) -> str:
        return f"{self.use} of {name}"

    def _key(self, store: "Store", *, make: bool) -> "Ed25519PrivateKey | None":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if self.use in store.secrets.names():
            return Ed25519PrivateKey.from_private_bytes(store.secrets.get(self.use))
        if not make:
            return None
        key = Ed25519PrivateKey.generate()
        store.secrets.put(self.use, key.private_bytes_raw())
        return key


def name_of(public: bytes) -> str:
    """Return what people call a public key: six groups of four digits of its hash."""
    return _grouped(hashlib.sha256(public).hexdigest()[:_NAME_DIGITS].upper())


def _grouped(digits: str) -> str:
    """Write four digits to a group, for two people on the telephone."""
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
