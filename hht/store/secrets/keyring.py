"""The key ring: secrets kept by name (the HHT's private key, its install code), sealed at rest."""

from hht.store.core import Repository
from hht.store.errors import StoreError
from hht.store.secrets.fields import KEYRING_SECRET


class KeyRing(Repository):
    """The named secrets of one database; without a PIN they are as plain as the file itself."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, in place of the one of that name."""
        sealed = self._core.seal(KEYRING_SECRET.place(name), secret)
        with self._core.transaction() as change:
            change.execute(
                "INSERT INTO keyring (name, secret) VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET secret = excluded.secret",
                (name, sealed),
            )
            change.note("secret kept", name)

    def get(self, name: str) -> bytes:
        """Return the secret of that name; StoreError without one, StoreLocked before the PIN."""
        sealed = self._core.value("SELECT secret FROM keyring WHERE name = ?", (name,))
        if sealed is None:
            raise StoreError(
                f"There is no secret named {name!r}", where=str(self._core.database.path)
            )
        return self._core.unseal(KEYRING_SECRET.place(name), sealed)

    def names(self) -> tuple[str, ...]:
        """Return the names, in order."""
        rows = self._core.rows("SELECT name FROM keyring ORDER BY name")
        return tuple(row["name"] for row in rows)

    def forget(self, name: str) -> None:
        """Delete a secret; its bytes are overwritten in the file."""
        with self._core.transaction() as change:
            change.execute("DELETE FROM keyring WHERE name = ?", (name,))
            change.note("secret forgotten", name)
