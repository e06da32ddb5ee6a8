"""Certificates: one HTML page for a trainee, signed by the key of the trainer's installation.

The last line is a comment with the public key and an Ed25519 signature over every byte before the
signature, the key included; nothing may follow it. So one octet changed anywhere is found, and a
reader needs the file and the name of the key alone.
"""

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hht import __version__
from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.job_json import one_line
from hht.errors import HhtError, InputError
from hht.files import read_input
from hht.store import Store
from hht.store.secrets.own_key import OwnKey, name_of
from hht.training.classroom.folder import ClassFolder, Seat
from hht.training.classroom.results import Result, page, result_table, results, to_row

TRAINER_KEY = OwnKey(
    use="trainer's key",
    context=b"hht training certificate\0",
    remedy="Give the six groups that 'hht certificate key' prints at the trainer's.",
)
FORMAT = "hht-certificate/1"
SIMULATED = "simulated hub, profile"
_MOST_BYTES = 1_000_000
"""A certificate of a hundred exercises has a fifth of it."""
_META = f'<meta name="{FORMAT}" content="'
_SEAL = re.compile(
    rb"<!-- hht-certificate/1 key=(?P<key>[0-9a-f]{64}) signature=(?P<value>[0-9a-f]{128}) -->\n\Z"
)


class NotPassed(HhtError):
    """A certificate was asked for, and an exercise is not passed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a certificate is worth: its signer's key, None where it was changed since.

    `is_known` where the key is this installation's own or one that it trusts; `content` is what
    the certificate says.
    """

    signer: str | None
    is_known: bool
    content: dict[str, Any]


def make_certificate(
    store: Store, room: ClassFolder, seat: Seat, by: str, clock: Clock = SYSTEM_CLOCK
) -> bytes:
    """Certify a seat's exercises of the current round; NotPassed unless all are passed.

    `store` holds the key, which is made when it is first needed.
    """
    found = results(room, [seat])
    missing = [each.lesson.scenario.title for each in found if not each.is_passed]
    if missing:
        raise NotPassed(
            f"{seat.trainee} has not passed: {', '.join(missing)}",
            where=str(seat.data_dir),
            remedy="See 'hht class results'; a trainer may give other points, with a reason.",
        )
    return _signed(store, _page(room, seat, found, one_line(by), clock.now()))


def _page(room: ClassFolder, seat: Seat, found: Sequence[Result], by: str, now: datetime) -> bytes:
    content = {
        "trainee": seat.trainee,
        "curriculum": room.curriculum.title,
        "round": len(room.rounds),
        "trainer": by,
        "made": now.isoformat(timespec="seconds"),
        "hht": __version__,
        "exercises": [to_row(each) for each in found],
    }
    profiles = sorted({each.score.profile for each in found if each.score})
    words = ", ".join(profiles)
    plural = "s" if len(profiles) > 1 else ""
    runs = "".join(_run_line(each) for each in found)
    said = html.escape(json.dumps(content, ensure_ascii=False), quote=True)
    body = (
        f"<p><b>{html.escape(seat.trainee)}</b> has passed the exercises below on a "
        f"<b>{SIMULATED}{plural} {html.escape(words)}</b>. No real hub, meter or radio took part, "
        f"and no real hub's quirks.</p>\n{result_table(found)}<ul>{runs}</ul>\n"
        f"<p>{now:%Y-%m-%d}. Trainer: {html.escape(by or 'not named')}. Check this file with "
        f"'hht certificate verify FILE'.</p>\n"
    )
    title = f"Certificate of training: {room.curriculum.title}"
    return page(title, body, f'{_META}{said}">')


def _run_line(result: Result) -> str:
    assert result.score is not None
    row = to_row(result)
    given = f" Put right by the trainer: {row['overrides']}." if row["overrides"] else ""
    seed = "by chance" if row["seed"] is None else f"seed {row['seed']}"
    words = (
        f"{row['title']}: {row['mode']}, {seed}, {SIMULATED} {row['profile']}, "
        f"run {result.score.sha256}.{given}"
    )
    return f"<li>{html.escape(words)}</li>\n"


def _signed(store: Store, content: bytes) -> bytes:
    public, _ = TRAINER_KEY.sign(store, b"")
    sealed = content + f"<!-- {FORMAT} key={public.hex()} signature=".encode()
    _, value = TRAINER_KEY.sign(store, sealed)
    return sealed + f"{value.hex()} -->\n".encode()


def verify_certificate(path: Path, store: Store | None, expected: str = "") -> Verdict:
    """Check a certificate; InputError for a file that is none.

    `store` may hold the trainer's key or trust it; `expected` is the name of the key that a
    reader has from elsewhere.
    """
    wanted = TRAINER_KEY.read_name(expected) if expected else ""
    raw = read_input(path)
    return verdict_on(raw, store, wanted, str(path))


def verdict_on(raw: bytes, store: Store | None, wanted: str = "", where: str = "") -> Verdict:
    """Check the bytes of a certificate; `wanted` is the key's name as `name_of` writes it."""
    if FORMAT.encode() not in raw or len(raw) > _MOST_BYTES:
        raise InputError(
            "This is no certificate of hht", where=where, remedy="Check the file's name."
        )
    seal = _SEAL.search(raw)
    if seal is None:
        return Verdict(None, False, {})
    public, value = bytes.fromhex(seal["key"].decode()), bytes.fromhex(seal["value"].decode())
    if not TRAINER_KEY.fits(public, value, raw[: seal.start("value")]):
        return Verdict(None, False, {})
    name = name_of(public)
    if wanted:
        is_known = name == wanted
    else:
        is_known = store is not None and TRAINER_KEY.is_trusted(store, name)
    return Verdict(name, is_known, _content(raw))


def _content(raw: bytes) -> dict[str, Any]:
    """Return what the page says, for machines; empty where another signer wrote it otherwise."""
    text = raw.decode("utf-8", errors="replace")
    _, _, rest = text.partition(_META)
    said, _, _ = rest.partition('">')
    try:
        found = json.loads(html.unescape(said))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
