"""SQLite: jobs, Local Commands, captures, returns, audit and secrets."""

from hht.store.command_states import CommandEvent, CommandState
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
from hht.store.rows import (
    Arrival,
    Capture,
    CommandRow,
    JobRow,
    NewReturn,
    ReturnRow,
    ReturnState,
    TakenItem,
)
from hht.store.store import Store

__all__ = [
    "Arrival",
    "Capture",
    "CommandEvent",
    "CommandRow",
    "CommandState",
    "JobRow",
    "Mode",
    "NewReturn",
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
    "TakenItem",
    "WrongPin",
]
