"""Read an identity that fits out of a folder, and keep it in place of the one before."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.errors import HhtError, InputError
from hht.files import write_whole
from hht.journeys.identity.check import check_identity
from hht.journeys.identity.part_finder import find_parts
from hht.journeys.identity.parts import read_parts, to_file
from hht.journeys.identity.request import complete_request, drop_request, is_answer, seal_request
from hht.journeys.own_identity import FILE, SECRET, own_identity, put_sealed
from hht.radio.checking.point import Point
from hht.session.identity import HhtIdentity

if TYPE_CHECKING:
    from hht.store import Store


def read_fitting(
    folder: Path, data_dir: Path, store: "Store", clock: Clock
) -> tuple[HhtIdentity, list[Point]]:
    """Read the parts in a folder, and what was looked at; HhtError where they do not fit.

    They may be the answer to the request that is under way in `data_dir`.
    """
    parts = find_parts(folder)
    if is_answer(data_dir, parts):
        answer = (parts.certificate, parts.key, parts.authority, parts.install_code)
        identity = complete_request(data_dir, store, *answer)
    else:
        identity = read_parts(parts)
    points = check_identity(identity, clock)
    for point in points:
        if point.holds is False:
            what = f"{point.check.capitalize()}: {point.found}"
            raise HhtError(what, where=str(folder), remedy=point.remedy)
    return identity, points


def is_kept(data_dir: Path, store: "Store") -> bool:
    """Return whether there is an identity, in its file or in the key ring."""
    return (data_dir / FILE).exists() or SECRET in store.secrets.names()


def kept_for(data_dir: Path, store: "Store") -> str:
    """Return whom the identity that there is was issued to, or nothing; IdentityUnusable."""
    return str(own_identity(data_dir, store).entity_id) if is_kept(data_dir, store) else ""


def keep(data_dir: Path, store: "Store", identity: HhtIdentity) -> bool:
    """Keep it in place of any before; whether it is in the key ring, because a PIN is set.

    A request for it is over then.
    """
    sealed = store.vault.is_protected
    if sealed:
        seal_request(data_dir, store)
        put_sealed(data_dir, store, to_file(identity))
    else:
        write_whole(data_dir / FILE, to_file(identity))
    with suppress(InputError):  # a broken request is not in the way
        drop_request(data_dir, store, identity.entity_id)
    return sealed
