"""The ECQV authority of a training site: suite 2 certificates for its hub and its HHTs."""

import json
import os
from pathlib import Path
from typing import Any

from hht.entity_id import EntityId
from hht.files import write_whole
from hht.zse.cbke.ecqv import SUITE_2, issue_certificate, new_private_key, public_key_of
from hht.zse.cbke.exchange import CbkeIdentity

_ISSUER = EntityId(b"hht-trng")
"""Eight readable bytes where a live certificate has its authority's identifier."""


class CbkeAuthority:
    """An issuer of CBKE certificates, kept in one JSON file, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._issued: dict[str, Any] = {}
        if path.exists():
            self._issued = json.loads(path.read_text())
        else:
            key = new_private_key(SUITE_2, os.urandom).to_bytes(SUITE_2.private_length, "big")
            self._issued = {"note": "hht training", "ca_private_key": key.hex(), "identities": {}}
            self._save()
        self._private_key = bytes.fromhex(self._issued["ca_private_key"])
        self.public_key = public_key_of(SUITE_2, self._private_key)

    def identity(self, entity: EntityId) -> CbkeIdentity:
        """Return the CBKE identity of this entity, issued at the first call."""
        identities = self._issued["identities"]
        if entity.hex() not in identities:
            issued = issue_certificate(SUITE_2, self._private_key, _ISSUER, entity, os.urandom)
            identities[entity.hex()] = [part.hex() for part in issued]
            self._save()
        certificate, private_key = (bytes.fromhex(part) for part in identities[entity.hex()])
        return CbkeIdentity(entity, certificate, private_key, self.public_key, SUITE_2.number)

    def _save(self) -> None:
        write_whole(self._path, json.dumps(self._issued, indent=1).encode(), synced=False)
