"""A Device's firmware: the version that runs, the image it holds, and their activation (CS06)."""

from dataclasses import dataclass
from typing import Any

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import ActivationResult

FACTORY_VERSION = bytes.fromhex("0123ABCD")


@dataclass(slots=True)
class Firmware:
    """`version` is 4 octets; an image is held by the SHA-256 of it and the version it brings."""

    version: bytes = FACTORY_VERSION
    image_hash: bytes = b""
    image_version: bytes = b""

    def load(self, image_hash: bytes, version: bytes) -> None:
        """Hold an image that was delivered and verified."""
        self.image_hash, self.image_version = image_hash, version

    def activate(self, image_hash: bytes) -> ActivationResult:
        """Run the image with this hash from now on."""
        if not self.image_hash:
            return ActivationResult.NO_IMAGE_HELD
        if image_hash != self.image_hash:
            return ActivationResult.HASH_MISMATCH
        self.version, self.image_hash, self.image_version = self.image_version, b"", b""
        return ActivationResult.SUCCESS

    def outcome(self, result: ActivationResult) -> der.Node:
        """Return the execution outcome of CS06: result and the version that runs."""
        return der.sequence(der.integer(result), der.octets(self.version))

    def state(self) -> list[str]:
        """Return the three, for JSON."""
        return [self.version.hex(), self.image_hash.hex(), self.image_version.hex()]

    def restore(self, state: list[Any]) -> None:
        """Restore what `state()` returned."""
        self.version, self.image_hash, self.image_version = map(bytes.fromhex, state)
