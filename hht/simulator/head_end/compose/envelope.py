"""Commands as the DCC sends them: addressed, numbered, signed where critical, with their MAC."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import seal, sign

BROKER_AHEAD = 300
"""The Access Control Broker numbers its Commands by a counter of its own, not the Request's."""


@dataclass(frozen=True, slots=True)
class Address:
    """Who sends a Command to whom, under which counter, and for whom the broker acts.

    `behalf` is the supplementary Remote Party and its counter, where the Access Control Broker is
    the originator (GBCS 7.2.7); None otherwise.
    """

    originator: EntityId
    recipient: EntityId
    counter: int
    behalf: tuple[EntityId, int] | None = None

    @property
    def other_info(self) -> bytes:
        """Return what follows the message code in the grouping header."""
        if self.behalf is None:
            return b""
        party, counter = self.behalf
        return bytes(party) + counter.to_bytes(8, "big")


def protect(
    address: Address, code: int, payload: bytes, keys: PemFolder, *, critical: bool
) -> bytes:
    """Build the complete Command: the originator's signature if critical, then the broker's MAC."""
    message = Message(
        Cra.COMMAND,
        address.counter,
        address.originator,
        address.recipient,
        code,
        payload,
        other_info=address.other_info,
    )
    if critical:
        key = keys.private_key(address.originator, "ds")
        if key is None:
            raise _missing(address.originator, "ds.key")
        message = sign(message, key)
    broker = keys.access_control_broker
    z = keys.shared_secret(broker, address.recipient) if broker else None
    if z is None:
        raise _missing(address.recipient, "ka.pem")
    return seal(message, z).encode()


def _missing(party: EntityId, what: str) -> HhtError:
    return HhtError(
        f"The folder of keys has no {party.hex()}-{what}",
        remedy="Give --keys the folder with the parties' private keys and Devices' certificates.",
    )
