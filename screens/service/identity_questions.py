"""The HHT's own identity, for its forms: whom it is for, requested, read, and kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.radio.checking.point import Point
    from hht.session.identity import HhtIdentity
    from hht.store import Store
    from screens.context import HhtContext
    from screens.service.store_queries import StoreQueries

Result = TypeVar("Result")


class IdentityQuestions:
    """What is kept of it is in the data folder, and with a PIN in the store's key ring."""

    def __init__(self, context: HhtContext, queries: StoreQueries) -> None:
        self._context = context
        self._queries = queries

    async def is_lacking(self) -> bool:
        """Return whether live work has none; training brings its own."""
        from hht.journeys.own_identity import has_identity
        from hht.store import Mode

        def lacking(store: Store) -> bool:
            return store.mode is Mode.LIVE and not has_identity(self._context.data_dir, store)

        return await self._ask(lacking)

    async def kept_for(self) -> str:
        """Return whom the identity was issued to, nothing without one; IdentityUnusable."""
        from hht.journeys.identity.keeping import kept_for

        return await self._ask(lambda store: kept_for(self._context.data_dir, store))

    async def read_fitting(self, folder: Path) -> tuple[HhtIdentity, list[Point]]:
        """Read one out of a folder, and what was checked; HhtError where its parts do not fit."""
        from hht.journeys.identity.keeping import read_fitting

        at = self._context
        return await self._ask(lambda store: read_fitting(folder, at.data_dir, store, at.clock))

    async def keep(self, identity: HhtIdentity) -> bool:
        """Keep it in place of any before; whether it is in the key ring."""
        from hht.journeys.identity.keeping import keep

        return await self._ask(lambda store: keep(self._context.data_dir, store, identity))

    async def request(self, subject: EntityId) -> str:
        """Return a certificate request for that HHT, of a key that is made here."""
        from hht.journeys.identity.request import request_certificate

        return await self._ask(
            lambda store: request_certificate(self._context.data_dir, store, subject)
        )

    async def request_again(self) -> str:
        """Return the request under way as it was sent."""
        from hht.journeys.identity.request import request_again

        return await self._ask(lambda store: request_again(self._context.data_dir, store))

    async def drop_request(self) -> None:
        """Forget the request under way, with its secret."""
        from hht.journeys.identity.request import drop_request

        await self._ask(lambda store: drop_request(self._context.data_dir, store))

    async def _ask(self, question: Callable[[Store], Result]) -> Result:
        return await self._queries.worker_loop.run(lambda: question(self._queries.store()))
