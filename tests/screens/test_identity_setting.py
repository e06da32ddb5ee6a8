"""The HHT's identity is imported or requested in the app; what does not fit is refused."""

import json
from pathlib import Path

import pytest
from ecqv_authority import Authority
from screen_bench import BOTH, Bench, OpenBench
from screen_steps import at_the_jobs, choose_in_menu

from hht.entity_id import EntityId
from hht.journeys.identity.request import PENDING, request_certificate
from hht.journeys.own_identity import FILE
from hht.session.identity import load_identity
from screens.context import HhtContext
from screens.queue.recent import remember_folder

HHT = EntityId.parse("00-DB-12-34-56-78-90-B0")
CODE = "83FED3407A939723A5C639B26916D505"


@pytest.fixture(scope="module")
def issued() -> dict[str, bytes]:
    """Return the four parts as their issuer gives them, each under the name of its file."""
    authority = Authority()
    certificate, key = authority.issue(HHT)
    return {
        "hht.crt": certificate.hex().encode(),
        "hht.key": key,
        "issuer.pub": authority.public,
        "code.txt": CODE.encode(),
    }


@pytest.fixture
def folder(tmp_path: Path, issued: dict[str, bytes]) -> Path:
    """Write the parts to a folder that was used before, so that it is a choice."""
    there = tmp_path / "stick"
    there.mkdir()
    for name, content in issued.items():
        (there / name).write_bytes(content)
    remember_folder(tmp_path, there)
    return there


async def ask(bench: Bench) -> None:
    await choose_in_menu(bench, "identity", "Identity…")
    await bench.until("▌1 Leave it as it is")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_an_identity_is_checked_and_kept_and_its_secrets_are_never_on_show(
    open_bench: OpenBench,
    live: HhtContext,
    folder: Path,
    issued: dict[str, bytes],
    size: tuple[int, int],
) -> None:
    async with open_bench(size, live) as bench:
        await at_the_jobs(bench)
        await ask(bench)
        await bench.until("Import the HHT's identity", "In use: none", folder.name)
        await bench.press("2")
        await bench.until("Keep this identity", "fits the certificate", "▌1 Leave it as it is")
        seen = "".join(bench.text.split()).lower()
        assert CODE.lower() not in seen
        assert issued["hht.key"].hex() not in seen
        await bench.press("2")
        await bench.until(f"✓ Identity {HHT}")
        assert load_identity(live.data_dir / FILE).entity_id == HHT
        await ask(bench)
        await bench.until(f"In use: {HHT}")


async def test_a_key_that_does_not_fit_is_refused_and_what_is_there_stays(
    open_bench: OpenBench, live: HhtContext, folder: Path
) -> None:
    (folder / "hht.key").write_bytes(bytes(35) + b"\x01")
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        await ask(bench)
        await bench.press("2")
        await bench.until("Private key: does not fit", "What was there before stays as it was")
        assert not (live.data_dir / FILE).exists()


async def test_a_certificate_is_requested_and_the_answer_completes_the_identity(
    open_bench: OpenBench, live: HhtContext, tmp_path: Path
) -> None:
    request, answer = tmp_path / "request.json", tmp_path / "answer"
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        await ask(bench)
        await pick(bench, "Request a certificate")
        await fill_in(bench, "Entity Identifier (EUI-64)?", "no identifier")
        await bench.until("is not an Entity Identifier")
        await fill_in(bench, "Entity Identifier (EUI-64)?", str(HHT))
        request.write_text("somebody's own")
        await fill_in(bench, "Where should the request go?", str(request))
        await bench.until("Another file has this name")
        assert request.read_text() == "somebody's own"
        request.unlink()
        await pick(bench, "another place")
        await fill_in(bench, "Where should the request go?", str(request))
        await bench.until("send it to the issuer")
        answered(request, answer)
        await ask(bench)
        await bench.until("Write the request once more", f"A request for {HHT}")
        await pick(bench, "The files are in another folder")
        await fill_in(bench, "Which folder", str(answer))
        await bench.until("Keep this identity", "fits the certificate")
        await bench.press("2")
        await bench.until(f"✓ Identity {HHT}")
        assert load_identity(live.data_dir / FILE).entity_id == HHT
        assert not (live.data_dir / PENDING).exists()


async def test_a_request_is_forgotten_only_after_a_question(
    open_bench: OpenBench, live: HhtContext
) -> None:
    with live.open_store() as store:
        request_certificate(live.data_dir, store, HHT)
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        for choice, is_kept in (("1", True), ("2", False)):
            await ask(bench)
            await pick(bench, "Forget the request")
            await bench.until("Forget the request for good?", "▌1 Wait for its answer")
            await bench.press(choice)
            await at_the_jobs(bench)
            assert (live.data_dir / PENDING).exists() is is_kept


async def pick(bench: Bench, choice: str) -> None:
    await bench.press(bench.line_with(choice).strip("│▌ ").split()[0])


async def fill_in(bench: Bench, question: str, words: str) -> None:
    await bench.until(question)
    bench.app.screen.scanned(words)  # type: ignore[attr-defined]


def answered(request: Path, folder: Path) -> None:
    """Put what an issuer sends back for a request into a folder."""
    asked, authority = json.loads(request.read_text()), Authority()
    certificate, contribution = authority.answer(HHT, bytes.fromhex(asked["point"]))
    folder.mkdir()
    for name, content in (
        ("hht.crt", certificate),
        ("share", contribution),
        ("issuer.pub", authority.public),
        ("code.txt", CODE.encode()),
    ):
        (folder / name).write_bytes(content)
