"""The unit's side: nothing half written counts, and no order of messages loads a wrong package."""

import random
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from facility_samples import eui
from package_samples import BATCH, ISSUED, NOW, keys, package, secret

from hht.clock import ManualClock
from hht.facility.package.header import parse_header
from hht.facility.package.keys import FacilityKey, point_of
from hht.facility.unit.faults import FAULTS, spoil
from hht.facility.unit.loading import LoadingUnit
from hht.facility.unit.memory import UnitMemory
from hht.facility.wire.frames import Frame, decode_fields, encode_fields
from hht.facility.wire.messages import ANSWER, REFUSED, Kind
from hht.facility.wire.proofs import identity_bytes, identity_mac
from hht.simulator.pki.smki import TrainingPki

NONCE = bytes(range(32))


class Bench:
    """Asks a unit; `reboot` is what a power cut leaves."""

    def __init__(self) -> None:
        signing = ec.generate_private_key(ec.SECP256R1())
        self.memory = UnitMemory(
            eui=str(eui(1)),
            agreement_key=secret(keys().unit),
            signing_key=secret(signing),
            signing_certificate=b"certificate",
            facilities=[point_of(keys().facility.public)],
        )
        self.saved = b""
        self.sequence = 0
        self.reboot()

    def reboot(self) -> None:
        if self.saved:
            self.memory = msgspec.msgpack.decode(self.saved, type=UnitMemory)
        self.unit = LoadingUnit(self.memory, self._save, ManualClock(NOW))
        self._save()

    def _save(self) -> None:
        self.saved = msgspec.msgpack.encode(self.memory)

    def ask(self, kind: int, *fields: bytes | int) -> Frame:
        self.sequence = (self.sequence + 1) % 256
        return self.unit.answer(Frame(kind, self.sequence, encode_fields(*fields)))

    def get(self, kind: int, *fields: bytes | int, count: int = 0) -> list[bytes]:
        answer = self.ask(kind, *fields)
        assert answer.kind == kind | ANSWER, answer
        return decode_fields(answer.payload, count)

    def refusal(self, kind: int, *fields: bytes | int) -> str:
        answer = self.ask(kind, *fields)
        assert answer.kind == REFUSED
        return decode_fields(answer.payload, 1)[0].decode()

    def steps(self, blob: bytes, batch: str = BATCH) -> list[tuple[int, tuple[bytes | int, ...]]]:
        header = blob[: parse_header(blob).size]
        blocks = [(Kind.BLOCK, (at, blob[at : at + 1000])) for at in range(0, len(blob), 1000)]
        opened = (Kind.OPEN, (batch.encode(), header, len(blob)))
        return [opened, *blocks, (Kind.VERIFY, ()), (Kind.COMMIT, (NONCE,))]

    def load(self, blob: bytes) -> list[bytes]:
        answer: list[bytes] = []
        for kind, fields in self.steps(blob):
            answer = self.get(kind, *fields, count=3 if kind == Kind.COMMIT else 0)
        return answer

    @property
    def held(self) -> str:
        return self.get(Kind.SLOT, count=4)[0].decode()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_package_is_loaded_and_its_receipt_names_it(bench: Bench) -> None:
    assert bench.held == "empty"
    digest, counter, _ = bench.load(package())
    assert digest == sha256(package()).digest()
    assert int.from_bytes(counter, "big") == 1
    assert bench.held == "whole"
    assert bench.get(Kind.RECEIPT, NONCE, count=3)[0] == digest


def test_a_power_cut_at_any_step_leaves_the_unit_empty_torn_or_loaded(bench: Bench) -> None:
    steps = bench.steps(package())
    for cut in range(len(steps) + 1):
        each = Bench()
        for kind, fields in steps[:cut]:
            each.get(kind, *fields)
        each.reboot()
        expected = "empty" if cut == 0 else "whole" if cut == len(steps) else "torn"
        assert each.held == expected
        if expected != "whole":
            assert each.refusal(Kind.COMMIT, NONCE) == "out-of-order"
            each.get(Kind.WIPE)
            each.load(package())
        assert each.held == "whole"


def test_every_request_may_be_repeated_with_its_sequence_number(bench: Bench) -> None:
    for sequence, (kind, fields) in enumerate(bench.steps(package()), 1):
        request = Frame(kind, sequence, encode_fields(*fields))
        assert bench.unit.answer(request) == bench.unit.answer(request)
    assert bench.memory.counter == 1


@pytest.mark.parametrize(
    ("blob", "reason"),
    [
        (package(2), "other-unit"),
        (package(batch="b2"), "other-batch"),
        (package(not_after=1), "expired"),
        (package()[:9] + b"\x02" + package()[10:], "newer-version"),
        (package()[:30] + b"\x01" + package()[31:], "bad-signature"),
        (b"not a package" * 30, "not-a-package"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # the bytes differ in every process
)
def test_a_wrong_header_is_refused_before_anything_is_written(
    bench: Bench, blob: bytes, reason: str
) -> None:
    assert bench.refusal(Kind.OPEN, BATCH.encode(), blob[:214], len(blob)) == reason
    assert bench.held == "empty"


def test_a_replayed_package_is_refused(bench: Bench) -> None:
    bench.memory.newest = ISSUED + 1
    blob = package()
    assert bench.refusal(Kind.OPEN, BATCH.encode(), blob[:214], len(blob)) == "replayed"


@pytest.mark.parametrize("spoiled", ["flipped", "cut", "longer"])
def test_a_spoiled_body_is_never_committed(bench: Bench, spoiled: str) -> None:
    blob = package()
    header = blob[: parse_header(blob).size]
    bad = {
        "flipped": blob[:-1] + bytes([blob[-1] ^ 1]),
        "cut": blob[:-1],
        "longer": blob + b"\x00",
    }[spoiled]
    bench.get(Kind.OPEN, BATCH.encode(), header, len(bad))
    for at in range(0, len(bad), 1000):
        bench.get(Kind.BLOCK, at, bad[at : at + 1000])
    assert bench.refusal(Kind.VERIFY) == ("torn" if spoiled == "cut" else "altered")
    assert bench.refusal(Kind.COMMIT, NONCE) == "out-of-order"


def test_a_block_changed_after_the_check_is_checked_again(bench: Bench) -> None:
    steps = bench.steps(package())
    for kind, fields in steps[:-1]:
        bench.get(kind, *fields)
    bench.get(Kind.BLOCK, 0, b"\x00")
    assert bench.refusal(Kind.COMMIT, NONCE) == "out-of-order"


def test_a_loaded_unit_takes_no_other_package_whatever_a_bench_does(bench: Bench) -> None:
    bench.load(package())
    newer = package(issued=ISSUED + 1)
    assert bench.refusal(Kind.OPEN, BATCH.encode(), newer[:214], len(newer)) == "occupied"
    bench.get(Kind.WIPE)
    assert bench.held == "whole"


def test_blocks_have_their_place_and_their_room(bench: Bench) -> None:
    assert bench.refusal(Kind.BLOCK, 0, b"x") == "out-of-order"
    assert bench.refusal(Kind.OPEN, b"b1", package()[:214], 1 << 40) == "no-room"
    bench.get(Kind.OPEN, BATCH.encode(), package()[:214], 10)
    assert bench.refusal(Kind.BLOCK, 1, b"x") == "out-of-order"
    assert bench.refusal(Kind.BLOCK, 0, bytes(11)) == "no-room"


def test_an_identity_is_proven_to_the_nonce_and_the_key_of_the_bench(bench: Bench) -> None:
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    point = point_of(ephemeral.public_key())
    named, _, _, certificate, mac = bench.get(Kind.IDENTIFY, NONCE, point, count=5)
    assert named == eui(1)
    public = keys().unit.public_key()
    proven = identity_bytes(NONCE, point, named, certificate)
    assert identity_mac(ephemeral, public, proven) == mac
    for other in (
        identity_bytes(bytes(32), point, named, certificate),
        identity_bytes(NONCE, point, named, b"another certificate"),
    ):
        assert identity_mac(ephemeral, public, other) != mac
    assert bench.refusal(Kind.IDENTIFY, NONCE, b"no point") == "malformed"


def test_captures_are_handed_over_and_forgotten_one_by_one(bench: Bench) -> None:
    bench.memory.captures = [b"one", b"two"]
    assert bench.get(Kind.CAPTURES, count=1)[0][-1] == 2
    assert bench.get(Kind.CAPTURE, 1, 0, count=2)[1] == b"two"
    assert bench.get(Kind.CAPTURE, 1, 1, count=2)[1] == b"wo"
    assert bench.refusal(Kind.CAPTURE, 2, 0) == "out-of-order"
    for _ in range(2):
        bench.get(Kind.TAKEN, sha256(b"one").digest())
        bench.reboot()
    assert bench.memory.captures == [b"two"]


def test_any_messages_in_any_order_end_in_an_answer_and_never_in_a_foreign_package() -> None:
    """Seeded: whatever comes, only the unit's own package can become active."""
    draw = random.Random(20)
    blobs = [package(), package(2), package(batch="b2"), package(issued=ISSUED + 5)]
    for _ in range(60):
        bench = Bench()
        for _ in range(40):
            blob = draw.choice(blobs)
            kind, fields = draw.choice(bench.steps(blob, draw.choice(["b1", "b2"])))
            if draw.random() < 0.1:
                kind, fields = draw.randrange(256), (draw.randbytes(draw.randrange(20)),)
            bench.ask(kind, *fields)
            if draw.random() < 0.05:
                bench.reboot()
        assert bench.memory.active in (b"", package(), package(batch="b2"), blobs[3])
        if bench.memory.active:
            assert parse_header(bench.memory.active).header.unit == eui(1)


def test_a_stranger_facility_is_not_obeyed(bench: Bench) -> None:
    bench.memory.facilities = [point_of(FacilityKey.generate().public)]
    assert bench.refusal(Kind.OPEN, b"b1", package()[:214], 900) == "unknown-facility"


def test_every_fault_spoils_a_unit_that_was_sound(tmp_path) -> None:
    for fault in FAULTS:
        memory = Bench().memory
        spoil(memory, fault)
        memory.save(tmp_path / "u.unit")
        assert UnitMemory.load(tmp_path / "u.unit").faults == [fault]


def test_the_memory_shows_no_key(bench: Bench) -> None:
    assert bench.memory.agreement_key.hex() not in repr(bench.memory)
    assert repr(bench.memory.agreement_key) not in repr(bench.memory)


def test_the_training_pki_names_the_device(tmp_path) -> None:
    """What the example issues is what the bench compares."""
    from hht.gbcs.certificates import device_of

    pki = TrainingPki.load_or_create(tmp_path)
    pki.certify_device(eui(1), "PPMID")
    assert device_of(pki.agreement_certificate(eui(1))) == eui(1)


def test_a_unit_that_loses_power_while_it_keeps_its_state_has_the_one_before(
    tmp_path: Path,
) -> None:
    path = tmp_path / "u.unit"
    unit = Bench().memory
    unit.save(path)
    whole = path.read_bytes()
    unit.counter = 1
    unit.append(path)
    one = path.read_bytes()
    unit.counter = 2
    unit.append(path)
    two = path.read_bytes()
    assert UnitMemory.load(path).counter == 2
    for size in range(len(one), len(two), 7):
        path.write_bytes(two[:size])
        assert UnitMemory.load(path).counter == 1
    for size in range(len(whole), len(one), 7):
        path.write_bytes(one[:size])
        assert UnitMemory.load(path).counter == 0


def test_a_units_file_of_an_earlier_version_is_read_and_gets_its_next_state(
    tmp_path: Path,
) -> None:
    path = tmp_path / "u.unit"
    unit = Bench().memory
    path.write_bytes(msgspec.msgpack.encode(unit))
    assert UnitMemory.load(path) == unit
    unit.counter = 1
    unit.append(path)
    assert UnitMemory.load(path).counter == 1


def test_a_units_file_does_not_grow_without_end(tmp_path: Path) -> None:
    path = tmp_path / "u.unit"
    unit = Bench().memory
    unit.active = bytes(600_000)
    unit.save(path)
    for counter in range(4):
        unit.counter = counter
        unit.append(path)
    assert path.stat().st_size < 1_300_000
    assert UnitMemory.load(path).counter == 3
