"""The rows of the store, as frozen records for those who show or deliver them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hht.duis.job.brief import JobBrief
from hht.duis.job.device import JobDevice
from hht.duis.job.head import PackVisit
from hht.entity_id import EntityId
from hht.gbcs.judgement import Judgement
from hht.gbcs.message import Cra, Headers
from hht.store.command_states import CommandEvent, CommandState, has_reply, rests_on_word


class ReturnState(StrEnum):
    """The state of an item of the outbox; it is kept until a receipt says `received`."""

    DRAFT = "draft"
    READY = "ready"
    WRITTEN = "written"  # exported, not sent
    SENT = "sent"  # uploaded, with no answer yet
    RECEIVED = "received"
    REFUSED = "refused"  # by an error code of DUIS
    HELD = "held"  # for a person: an unknown code, or bytes that were changed


TO_SEND = (ReturnState.READY, ReturnState.WRITTEN, ReturnState.SENT)
SET_ASIDE = (ReturnState.REFUSED, ReturnState.HELD)
NOT_RETURNED = tuple(state for state in ReturnState if state is not ReturnState.RECEIVED)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job; the hub is None where loose Local Commands were imported."""

    id: int
    reference: str
    title: str
    premises: str = field(repr=False)
    hub_gpf: EntityId | None
    hub_chf: EntityId | None
    profile: str
    devices: tuple[JobDevice, ...]
    imported_at: datetime
    visit: "PackVisit | None" = None
    brief: JobBrief = field(default_factory=JobBrief)

    @property
    def labels(self) -> dict[EntityId, str]:
        """What the job calls each of its Devices."""
        return {each.entity_id: each.label for each in self.devices}


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A Local Command of a job; `after` are the positions that must be answered first.

    `party` is the Remote Party it comes from, `counter` its Originator Counter. `last_event` is
    what brought it to its state, None where nothing has happened to it yet; `captured` says that
    its Response was kept, also when that has been returned and deleted since.
    """

    id: int
    job_id: int
    position: int
    title: str
    request_id: str
    service_reference: str
    service_reference_variant: str
    device: EntityId
    party: EntityId
    counter: int
    message_code: int
    raw: bytes = field(repr=False)
    state: CommandState
    after: tuple[int, ...]
    tries: int
    reason: str
    last_event: CommandEvent | None = None
    captured: bool = False

    @property
    def is_uncaptured(self) -> bool:
        """Whether its Device has answered, and no Response was kept that could be returned."""
        return has_reply(self.state) and not self.captured

    @property
    def may_be_taken_back(self) -> bool:
        """Whether its state rests on the engineer's word, and nothing has happened since."""
        return rests_on_word(self.state, self.last_event) and not self.captured


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as the tunnel gave it; the headers are None where it is no GBCS message."""

    raw: bytes = field(repr=False)
    sha256: bytes
    hub: EntityId
    job_id: int | None
    received_at: datetime
    headers: Headers | None
    alert_code: int | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Capture:
    """A message that came out of the tunnel; the headers are None where it is no GBCS message.

    `duplicate` says that these very bytes were there before for the same job; `copies` counts
    how often they came. `return_id` is its item of the outbox, None where it is held. `judgement`
    is None only in a row that an older hht has written, until it is judged.
    """

    id: int
    job_id: int | None
    hub: EntityId
    received_at: datetime
    raw: bytes = field(repr=False)
    cra: Cra | None
    originator: EntityId | None
    recipient: EntityId | None
    counter: int | None
    message_code: int | None
    alert_code: int | None
    command_id: int | None
    return_id: int | None
    judgement: Judgement | None
    copies: int = 1
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """An item of the outbox. The key and the RequestID are fixed once it is ready.

    A draft has no key, and a RequestID with the counter 0. `original_request_id` is the imported
    Local Command's, None for an Alert and for a report.
    """

    id: int
    job_id: int | None
    service: str
    state: ReturnState
    idempotency_key: str | None
    request_id: str
    original_request_id: str | None
    note: str
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewReturn:
    """An item that is to be made; one of the same idempotency key is the same item."""

    job_id: int | None
    service: str
    idempotency_key: str
    request_id: str
    request_counter: int
    original_request_id: str | None
    message_sha256: bytes


@dataclass(frozen=True, slots=True)
class TakenItem:
    """An item of another store's export, with the Body element exactly as it was written."""

    service: str
    idempotency_key: str
    request_id: str
    original_request_id: str | None
    body: bytes = field(repr=False)
