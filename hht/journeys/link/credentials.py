"""The HHT's own credentials on a visit, which begins without any: only a hub asks for them."""

from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.radio.dongle import Dongle
from hht.session.identity import HhtIdentity, IdentityUnusable

if TYPE_CHECKING:
    from hht.journeys.equipment import RadioKit


class Credentials:
    """Those of the visit's kit; without any they are looked for whenever a hub is connected to."""

    def __init__(self, kit: "RadioKit") -> None:
        self.known: HhtIdentity | None = kit.identity
        self._look = kit.identify

    def get(self) -> HhtIdentity:
        """Return them; IdentityUnusable where there are still none."""
        if self.known is None:
            if self._look is None:
                raise IdentityUnusable("There is no identity", remedy="Import the HHT's identity.")
            self.known = self._look()
        return self.known

    async def check_dongle(self, dongle: Dongle, address: str) -> None:
        """Close a dongle that is not the one which they were issued with, and raise HhtError."""
        wanted = self.known.entity_id if self.known else dongle.eui64
        if dongle.eui64 != wanted:
            await dongle.close()
            raise HhtError(
                f"This dongle is {dongle.eui64}, the HHT's certificate is for {wanted}",
                where=address,
                remedy="Use the dongle that was issued with the HHT.",
            )
