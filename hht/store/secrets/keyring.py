"""The key ring: secrets kept by name (the HHT's private key, its install code), sealed at rest."""

from hht.store.errors import StoreError
from hht.store.repositories.base import StorePart
from hht.store.secrets.fields import KEYRING_SECRET


class KeyRing(StorePart):
    """The named secrets of one database; without a PIN they are as plain as the file itself."""

    def put_secret(self, name: str, secret: bytes) -> None:
        """Keep a secret, in place of the one of that name."""
        sealed = self.fields.seal(KEYRING_SECRET.place(name), secret)
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO keyring (name, secret) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET secret = excluded.secret",
                (name, sealed),
            )
            self.note(connection, "secret kept", name)

    def secret(self, name: str) -> bytes:
        """The secret of that name; StoreError without one, StoreLocked before the PIN."""
        sealed = self.database.value("SELECT secret FROM keyring WHERE name = ?", (name,))
        if sealed is None:
            raise StoreError(f"There is no secret named {name!r}", where=str(self.database.path))
        return self.fields.open(KEYRING_SECRET.place(name), sealed)

    def secret_names(self) -> tuple[str, ...]:
        """The names, in order."""
        rows = self.database.rows("SELECT name FROM keyring ORDER BY name")
        return tuple(row["name"] for row in rows)

    def forget_secret(self, name: str) -> None:
        """Delete a secret; its bytes are overwritten in the file."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM keyring WHERE name = ?", (name,))
            self.note(connection, "secret forgotten", name)
