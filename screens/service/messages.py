"""Messages in words, for the screens: decoded in the working thread, with the visit's keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description
    from hht.spans import Line
    from hht.store import CommandRow
    from screens.service.at_work import AtWork
    from screens.service.lookups import Titled
    from screens.visit.device_names import Names


class Messages:
    """What the screens show of GBCS messages."""

    def __init__(self, service: AtWork) -> None:
        self._service = service

    async def describe(
        self, raw: bytes, command: bytes = b"", names: Names | None = None
    ) -> Description:
        """Decode one message with the visit's keys; its Devices by these names or the job's."""
        from screens.service import lookups

        visit = self._service.visit_if_open
        keys = visit.keys if visit else None
        description = await self._service.worker_loop.run(lookups.description, raw, keys, command)
        return (names or self._service.names).in_description(description)

    async def answer_to(self, row: CommandRow) -> Line | None:
        """Return what answered a Local Command, in words; None where nothing did."""
        messages = (await self._service.queries.command_messages(row.id))[1:]
        if not messages:
            return None
        return (await self.describe(messages[-1].raw, messages[-1].command)).reading

    async def in_text(self, text: str) -> list[Titled]:
        """Return every GBCS message in a text: hexadecimal, base64 or DUIS XML."""
        from screens.service import lookups

        return await self._service.worker_loop.run(lookups.messages_in_text, text)

    async def at(self, path: Path) -> list[Titled]:
        """Return every GBCS message of a file or a folder.

        What cannot be read is the error of it.
        """
        from screens.service import lookups

        return await self._service.worker_loop.run(lookups.messages_at, path)
