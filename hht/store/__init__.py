"""SQLite: jobs, Local Commands, captures, returns, audit and secrets."""

from hht.store.errors import (
    StateRefused,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreWiped,
    WrongPin,
)
from hht.store.modes import Mode
from hht.store.repositories.returns import ReturnItem
from hht.store.rows import Capture, CommandRow, CommandState, JobRow, ReturnRow, ReturnState
from hht.store.store import Store

__all__ = [
    "Capture",
    "CommandRow",
    "CommandState",
    "JobRow",
    "Mode",
    "ReturnItem",
    "ReturnRow",
    "ReturnState",
    "StateRefused",
    "Store",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreForeign",
    "StoreFull",
    "StoreLocked",
    "StoreReadOnly",
    "StoreWiped",
    "WrongPin",
]
