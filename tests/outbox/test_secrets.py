"""Secrets are planted wherever they may be, and looked for in everything that was written."""

import asyncio
import base64
import hashlib
import logging
import os
from pathlib import Path

import pytest
from duis_samples import SUPPLIER
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, hear, pack

from hht.errors import HhtError
from hht.outbox.export import export_outbox
from hht.outbox.gateway.client import Gateway, GatewaySettings
from hht.outbox.pace import UploadPlan
from hht.outbox.receipts import write_receipts
from hht.outbox.reports import draft_report
from hht.outbox.simulated.gateway import GatewaySim
from hht.outbox.simulated.misbehaviour import Misbehaviour
from hht.outbox.upload import Upload
from hht.store import Mode, Store
from hht.store.secrets.protection import Protection
from hht.store.sqlite.backup import back_up

# The Install Code that the reference CCS01 Command carries for its Device.
PLACE_OF_THE_CODE = b"0123456789ABCDEF"
# By way of a hash, because Hypothesis likes to take constants from the source it tests.
DIGESTS = st.integers(0, 2**64).map(lambda number: hashlib.sha256(str(number).encode()).digest())
CODES = DIGESTS.map(lambda digest: digest[:16])
WORDS = DIGESTS.map(lambda digest: base64.b32encode(digest).decode()[:20])


def writings(secret: bytes) -> set[bytes]:
    """The forms in which a secret gets written by mistake: raw, hex, base64 at each alignment."""
    forms = {
        secret,
        secret.hex().encode(),
        secret.hex().upper().encode(),
        repr(secret)[2:-1].encode(),
    }
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + secret)
        forms.add(encoded[4 if shift else 0 : -4])
    return forms


def found(secrets: list[bytes], written: bytes) -> list[bytes]:
    return [secret for secret in secrets if any(form in written for form in writings(secret))]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def live_through(
    folder: Path, code: bytes, key: bytes, home: str, pin: str, token: str
) -> str:
    """A job, a visit, exports and uploads that go wrong; what was said to people meanwhile."""
    said = []
    command = CCS01_COMMAND.replace(PLACE_OF_THE_CODE, code)
    with Store.open(folder / "data" / "live.db", Mode.LIVE) as store:
        store.vault.protect(pin)
        job = store.jobs.add(pack(command, mode=None, premises=home))
        store.secrets.put("hht identity", key)
        store.journeys.save(job.id, "install", {"customer": home, "link key": key.hex()})
        hear(store, CCS01_RESPONSE, job.id)
        hear(store, CS14_ALERT, job.id)
        hear(store, command[:-1], job.id)
        number = draft_report(store, "8.14.4", home.encode(), originator=SUPPLIER)
        for attempt in (
            lambda: store.vault.unlock(pin + "x"),
            lambda: (
                draft_report(store, "8.14.4", b"", originator=SUPPLIER)
                and store.outbox.try_again(number)
            ),
            lambda: store.vault.change_pin(pin + "x", pin),
            lambda: store.secrets.get("absent"),
        ):
            try:
                attempt()
            except HhtError as error:
                said.append(f"{error} {error!r} {error.__cause__!r}")
        rows = (
            store.jobs.all(),
            store.commands.of_job(job.id),
            store.captures.all(),
            store.audit.entries(),
        )
        said.append(repr(rows))
        back_up(store.database, folder / "data" / "backup.db")
        export_outbox(store, folder / "out")
        write_receipts(store, folder / "out" / "receipts.json")
        async with GatewaySim(Misbehaviour.ERROR_500) as sim:
            settings = GatewaySettings(sim.url, token=token)
            said.append(repr(settings))
            async with Gateway(settings) as gateway:
                upload = Upload(store, gateway, plan=UploadPlan(first_wait=0.01))
                said.append(repr(await upload.run(give_up_after=0)))
    return "\n".join(said)


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(CODES, CODES, WORDS, WORDS, WORDS)
def test_no_planted_secret_is_in_anything_that_was_written(
    tmp_path_factory, caplog, code, key, home, pin, token
):
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    folder = tmp_path_factory.mktemp("secrets")
    said = asyncio.run(live_through(folder, code, key, home, pin, token), debug=True)
    secrets = [code, key, home.encode(), pin.encode(), token.encode()]
    assert found(secrets, everything_in(folder)) == []
    assert found(secrets, said.encode()) == []
    assert found(secrets, caplog.text.encode()) == []


def test_the_search_would_find_them(tmp_path):
    secret = os.urandom(16)
    for form in (secret, base64.b64encode(b"before" + secret), secret.hex().upper().encode()):
        (tmp_path / "log").write_bytes(b"text " + form + b" text")
        assert found([secret], everything_in(tmp_path)) == [secret]


def test_without_a_pin_the_same_life_leaves_them_in_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(Protection, "protect", lambda *_: None)
    monkeypatch.setattr(Protection, "unlock", lambda *_: None)
    monkeypatch.setattr(Protection, "change_pin", lambda *_: None)
    code, home = os.urandom(16), "Mrs-Smith-High-Street"
    asyncio.run(live_through(tmp_path, code, os.urandom(16), home, "unused-pin", "token-token"))
    assert found([code, home.encode()], everything_in(tmp_path / "data")) == [code, home.encode()]


@pytest.mark.parametrize("size", [16, 20, 33])
def test_each_writing_of_a_secret_is_known_at_every_alignment(size):
    secret = os.urandom(size)
    for shift in range(4):
        text = base64.b64encode(os.urandom(shift) + secret + os.urandom(5))
        assert found([secret], text) == [secret]
