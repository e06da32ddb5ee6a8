"""Job packs fetched over the depot's network: each whole, checked against its hash, and once.

The server lists what there is: {"packs": [{"name", "sha256", "bytes"}]}; below that address is
each pack, a ZIP, under its name.
"""

import contextlib
import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.job_pack import JobPack, read_job_pack
from hht.duis.pack_files import PACK_LIMITS
from hht.errors import HhtError, InputError
from hht.files import plain_octets, read_plain, write_whole
from hht.outbox.errors import OutboxError
from hht.outbox.gateway.client import (
    LARGEST_ANSWER,
    Answer,
    Gateway,
    GatewaySettings,
    GatewayUnreachable,
)
from hht.outbox.gateway.shown_words import HIDDEN, repeats
from hht.spans import counted

FETCHED_FILE = "fetched-packs.json"
TRIES = 3  # a depot that does not answer three times in a row is down
PAUSE_SECONDS = 1.0
"""Between two tries: a Wi-Fi that has just been joined needs a moment."""
LONGEST_WAIT = 60.0  # s; a depot that is busy for longer is asked another time
DOWN_AFTER = 3  # packs in a row that the depot did not give: the others are not waited for
MOST_PACKS = 500  # a day's jobs of a depot are some hundred
_Name = Annotated[str, Meta(pattern=r"(?i)^\w[\w .()+-]{0,99}\.zip\Z")]
"""No name can lead out of a folder."""
_Sha256 = Annotated[str, Meta(pattern=r"(?i)^[0-9a-f]{64}\Z")]
_OK, _ERRORS = 200, 400  # HTTP, and where the statuses of errors begin
_PASSING = (408, 429, 500, 502, 503, 504)  # HTTP statuses that say to come again
_OF_PACK = 500  # of those the one that may be about a single pack
_NO_COINCIDENCE = 12  # characters in a row that a name shares with a secret; fewer may be a word
_LONGEST_NAME = 40  # of one that is shown though it is none
_MEANINGS = {
    204: "with nothing in it",
    206: "with a part alone",
    304: "with nothing in it",
    401: "the depot does not accept who we are",
    403: "the depot does not allow us",
    404: "it is not there",
    407: "the proxy does not accept who we are",
    410: "it is not there any more",
    429: "the depot is busy",
    503: "the depot is busy",
    511: "the network wants somebody to sign in",
} | dict.fromkeys((301, 302, 303, 307, 308), "the way leads to another page")
"""HTTP statuses in words."""


class Offered(Struct, frozen=True):
    """A pack that the depot has, as its list names it."""

    name: _Name
    sha256: _Sha256
    size: Annotated[int, Meta(ge=1, le=PACK_LIMITS.total_bytes)] = field(name="bytes")


class _List(Struct, frozen=True):
    packs: list[object]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one pack; `state` is "new", "known" or "failed"."""

    name: str
    state: str
    job: int | None = None
    reference: str = ""
    error: str = ""


class DepotDown(OutboxError):
    """The depot gave nothing in every try, or said that it is busy: other packs fare no better."""


async def fetch_packs(
    settings: GatewaySettings,
    data_dir: Path,
    keep: Callable[[JobPack], int],
    clock: Clock = SYSTEM_CLOCK,
) -> AsyncIterator[Fetched]:
    """Fetch every pack that is not here yet; `keep` imports one into the store and returns its job.

    OutboxError where there is no list. A pack that fails stops no other, unless the depot is down;
    it is tried again next time.
    """
    known, silent = _read_known(data_dir), 0
    async with Gateway(settings, clock) as gateway:
        for offered in _offered(await _whole(gateway, clock, "", LARGEST_ANSWER), settings):
            if isinstance(offered, Fetched):
                yield offered
                continue
            if offered.sha256 in known:
                yield Fetched(offered.name, "known", known[offered.sha256])
                continue
            try:
                _refuse_down(silent, offered.name)
                pack = await _fetch(gateway, clock, offered)
                job = keep(pack)
            except HhtError as error:
                silent = silent + 1 if isinstance(error, DepotDown) else 0
                yield Fetched(offered.name, "failed", error=str(error))
                continue
            silent = 0
            known[offered.sha256] = job
            with contextlib.suppress(OSError):  # one that comes again is no second job
                write_whole(data_dir / FETCHED_FILE, json.dumps(known).encode())
            yield Fetched(offered.name, "new", job, pack.reference)


def _refuse_down(silent: int, name: str) -> None:
    if silent >= DOWN_AFTER:
        raise DepotDown(
            f"Not tried: the depot gave none of the {DOWN_AFTER} packs before it",
            where=name,
            remedy="Fetch again later.",
        )


async def _fetch(gateway: Gateway, clock: Clock, offered: Offered) -> JobPack:
    content = await _whole(gateway, clock, offered.name, offered.size)
    if content.lstrip().startswith(b"<"):
        raise OutboxError(
            "A page came in place of the pack",
            where=offered.name,
            remedy="A guest Wi-Fi may want a sign-in first; then fetch again.",
        )
    if hashlib.sha256(content).hexdigest() != offered.sha256:
        raise OutboxError(
            "The pack is not the one that the list names: its hash is another",
            where=offered.name,
            remedy="Fetch again; if it stays so, tell the depot.",
        )
    try:
        return _read(content, offered.name)
    except OSError as error:
        raise OutboxError(
            f"The pack cannot be unpacked ({error.strerror})",
            where=offered.name,
            remedy="Make room on the disk and fetch again.",
        ) from None


def _read(content: bytes, name: str) -> JobPack:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return read_job_pack(path)
        except HhtError as error:  # the folder is gone when its line is read
            raise OutboxError(str(error).replace(f"{folder}/", "")) from None


@dataclass(frozen=True, slots=True)
class _Miss:
    """Why one try brought nothing; `pause` is the wait before the next, which there is not where
    this `is_final`. `is_down` says that it is about the depot and no single pack."""

    why: str = ""
    pause: float = PAUSE_SECONDS
    is_down: bool = False
    is_final: bool = False


async def _whole(gateway: Gateway, clock: Clock, name: str, most: int) -> bytes:
    """Return what is there, whole; OutboxError after so many tries."""
    miss = _Miss(pause=0)
    for _ in range(TRIES):
        await clock.sleep(miss.pause)
        try:
            answer = await gateway.get(name, most)
        except GatewayUnreachable as error:
            miss = _Miss(f"nothing usable came from the depot ({error})", is_down=True)
            continue
        if answer.status == _OK and answer.is_whole:
            return answer.body
        miss = _missed(answer)
        if miss.is_final:
            break
    raise (DepotDown if miss.is_down else OutboxError)(
        f"Not fetched: {miss.why}",
        where=name or gateway.settings.place,
        remedy="Check the network and jobs_url, and fetch again.",
    )


def _missed(answer: Answer) -> _Miss:
    is_passing = answer.status in _PASSING
    pause = max(PAUSE_SECONDS, answer.retry_after or 0.0)
    is_long = pause > LONGEST_WAIT
    wait = f", for {counted(round(pause), 'second')}" if is_long else ""
    return _Miss(
        f"{_why(answer)}{wait}",
        pause,
        is_down=is_passing and answer.status != _OF_PACK,
        is_final=is_long or not (is_passing or answer.status == _OK),
    )


def _why(answer: Answer) -> str:
    if answer.is_larger:
        return "it is larger than announced"
    if answer.status == _OK:
        return "it broke off before its end"
    is_text = answer.status >= _ERRORS and not answer.first_line.startswith("<")
    said = _MEANINGS.get(answer.status) or (answer.first_line if is_text else "")
    return ", ".join(filter(None, (f"HTTP {answer.status} {answer.location}".rstrip(), said)))


def _offered(content: bytes, settings: GatewaySettings) -> list[Offered | Fetched]:
    """Read the list; OutboxError for anything else, such as the page of a captive portal.

    A pack that is named as none can be has failed, and hinders no other.
    """
    try:
        packs = msgspec.json.decode(plain_octets(content), type=_List).packs
    except (ValueError, RecursionError):
        raise OutboxError(
            "What came back is no list of job packs",
            where=settings.place,
            remedy="Check jobs_url; a guest Wi-Fi may want a sign-in first.",
        ) from None
    if len(packs) > MOST_PACKS:
        raise InputError(
            f"The list has more than {MOST_PACKS} packs", where=settings.place, remedy="Ask why."
        )
    return [_named(row, settings.secrets) for row in packs]


def _named(row: object, secrets: Iterable[str]) -> Offered | Fetched:
    """Read what the list says of one pack; a name that repeats a secret is none."""
    given = str(row.get("name", "") if isinstance(row, dict) else "")
    try:
        if repeats(given, secrets, least=_NO_COINCIDENCE):
            raise ValueError
        offered = msgspec.convert(row, Offered)
        return msgspec.structs.replace(offered, sha256=offered.sha256.lower())
    except ValueError:
        name = HIDDEN if repeats(given, secrets) else _printable(given[:_LONGEST_NAME])
        return Fetched(name, "failed", error=str(_not_offered(row, name)))


def _printable(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name)


def _not_offered(row: object, name: str) -> OutboxError:
    if isinstance(row, dict) and row.get("bytes") == 0:
        return OutboxError(
            "The pack is empty", where=name, remedy="Ask the depot to make it again."
        )
    return OutboxError(
        "The list names this pack as none can be named",
        where=name,
        remedy="Tell the depot: name (NAME.zip, in no folder), sha256 and bytes are needed.",
    )


def _read_known(data_dir: Path) -> dict[str, int]:
    """Return the packs that were fetched, by hash.

    Empty where they cannot be read: all come again.

    That is harmless: a pack that is imported twice is one job.
    """
    try:
        known = json.loads(read_plain(data_dir / FETCHED_FILE))
        return {str(digest): int(job) for digest, job in known.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
