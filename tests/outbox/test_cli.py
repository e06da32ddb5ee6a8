"""The commands of the queue, the trail, the PIN and the simulator, as processes of their own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import warm_start
from key_files import write_key_pair
from patience import PATIENCE
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, GNCA_ALERT, hear, pack

from hht.outbox.packs import FETCHED_FILE
from hht.store import Mode, Store

HHT = [sys.executable, "hht"]


@pytest.fixture
def data(tmp_path) -> Path:
    """A data folder with two items queued and a capture held, as training data."""
    with Store.open(tmp_path / "training.db", Mode.TRAINING) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        for raw in (CCS01_RESPONSE, CS14_ALERT, GNCA_ALERT):
            hear(store, raw, job.id)
    return tmp_path


def hht(data: Path, *arguments: str, code: int = 0, **environment: str) -> str:
    """Run a command; its standard output, or its one line of error."""
    run = warm_start.run(
        "hht", *arguments, "--data-dir", data, env=os.environ | environment, timeout=PATIENCE
    )
    assert run.returncode == code, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    return run.stdout if code == 0 or run.stdout else run.stderr


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    "edit",
    ["state = 'no word'", "original_request_id = 'x'", "message_sha256 = x'00'"],
)
def test_an_item_that_was_edited_is_held_with_a_line_at_an_export_and_all_others_go(
    data: Path, edit: str
) -> None:
    with closing(sqlite3.connect(data / "training.db", isolation_level=None)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute(f"UPDATE returns SET {edit} WHERE id = 1")
    run = warm_start.run(
        *("hht", "queue", "export", "--out", data / "out", "--data-dir", data), timeout=PATIENCE
    )
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert "item 1 is held and not written" in line
    assert len(list((data / "out").glob("*.xml"))) == 1
    listed = rows(hht(data, "queue", "list", "--json"))
    assert [row["state"] for row in listed] == ["held", "written"]
    assert "broken" not in hht(data, "audit", "verify", code=1)
    assert "queued item 1 was changed before hht changed it" in hht(data, "audit", "verify", code=1)


@contextmanager
def gateway_sim(*arguments: str):
    """The simulator's address, while it runs; then `counts` of what it received."""
    process = warm_start.Popen([*HHT, "gateway-sim", "--json", *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    counts: dict[str, int] = {}
    try:
        yield process.stdout.readline().strip(), counts
    finally:
        process.send_signal(signal.SIGTERM)
        counts.update(json.loads(process.stdout.read()))
        process.stdout.close()
        process.wait(PATIENCE)


def test_upload_sends_the_queue_and_says_what_became_of_each_item(data):
    with gateway_sim() as (url, counts):
        said = rows(hht(data, "queue", "upload", "--to", url, "--json"))
    assert [row["meaning"] for row in said[:-1]] == ["received", "received"]
    assert said[-1] == {
        "event": "summary",
        "received": 2,
        "refused": 0,
        "held": 0,
        "tried_again": 0,
        "left": 0,
        "stopped": "",
    }
    assert counts == {"received": 2, "posts": 2, "duplicates": 0, "invalid": 0}


def test_an_export_of_nothing_says_so_and_its_manifest_takes_an_earlier_ones_place(data) -> None:
    hht(data, "queue", "export", "--out", str(data / "out"))
    with gateway_sim() as (url, _):
        hht(data, "queue", "upload", "--to", url)
    run = warm_start.run(
        *("hht", "queue", "export", "--out", data / "out", "--data-dir", data), timeout=PATIENCE
    )
    assert (run.returncode, len(run.stderr.splitlines())) == (0, 1)
    assert "Nothing waits to be returned" in run.stderr
    assert json.loads((data / "out" / "manifest.json").read_bytes())["items"] == []


def test_a_misbehaving_gateway_still_receives_each_item_once(data):
    with gateway_sim("--misbehave", "accept-then-500") as (url, counts):
        hht(data, "queue", "upload", "--to", url)
    assert counts == {"received": 2, "posts": 4, "duplicates": 2, "invalid": 0}


def test_upload_exits_1_and_says_why_when_something_is_left(data):
    with gateway_sim("--misbehave", "401", "--times", "0") as (url, _):
        said = rows(hht(data, "queue", "upload", "--to", url, "--json", code=1))
    assert said[-1]["left"] == 2
    assert "401" in said[-1]["stopped"]


def test_upload_over_tls_trusts_the_authority_it_is_given(data, tmp_path):
    authority = tmp_path / "ca.pem"
    with gateway_sim("--tls", "--ca-out", str(authority)) as (url, counts):
        hht(data, "queue", "upload", "--to", url, "--ca", str(authority))
    assert counts["received"] == 2


def test_a_wrong_address_is_wrong_usage(data):
    said = hht(data, "queue", "upload", "--to", "nowhere", code=2)
    assert said.startswith("hht: --to: This is not a gateway's address")


def test_without_an_address_the_settings_of_the_data_folder_count(data):
    with gateway_sim() as (url, counts):
        (data / "gateway.toml").write_text(f'url = "{url}"\nat_once = 1\n')
        hht(data, "queue", "upload")
    assert counts["received"] == 2


def test_an_option_comes_before_the_file_and_each_fault_has_a_line_of_its_own(data):
    (data / "gateway.toml").write_text('url = "http://gateway.example"\nat_once = 9\ntokn = 1\n')
    said = hht(data, "queue", "upload", "--at-once", "2", "--give-up-after=-1", code=2)
    assert len(said.splitlines()) == 3
    assert all(line.startswith("hht: ") for line in said.splitlines())
    assert "--give-up-after: give_up_after is not a number" in said
    assert "line 2" not in said
    assert "line 3: There is no setting 'tokn'" in said


def test_with_an_address_the_options_alone_count(data):
    (data / "gateway.toml").write_text('url = "https://gateway.example"\ntoken_file = "absent"\n')
    with gateway_sim() as (url, counts):
        hht(data, "queue", "upload", "--to", url)
    assert counts["received"] == 2


def test_where_no_gateway_is_set_up_it_says_how_to(data):
    assert "or give --to" in hht(data, "queue", "upload", code=2)


def test_a_key_with_a_passphrase_is_refused_and_not_asked_for(data, tmp_path):
    key, certificate = write_key_pair(tmp_path, password="hunter2")
    files = ("--key", str(key), "--cert", str(certificate))
    said = hht(data, "queue", "upload", "--to", "https://127.0.0.1:9", *files, code=2)
    assert said.startswith("hht: --key: The key hht.key has a passphrase.")


def test_an_export_goes_to_another_hht_and_its_receipts_come_back(data, tmp_path):
    hht(data, "queue", "export", "--out", str(tmp_path / "out.zip"))
    office = tmp_path / "office"
    mode = ("--mode", "training")
    assert hht(office, "queue", "take-in", str(tmp_path / "out.zip"), *mode).startswith("2 new")
    with gateway_sim() as (url, _):
        hht(office, "queue", "upload", "--to", url)
    hht(office, "queue", "receipts", "--out", str(tmp_path / "receipts.json"))
    assert hht(data, "queue", "receive", str(tmp_path / "receipts.json")).startswith("2 received")
    assert {row["state"] for row in rows(hht(data, "queue", "list", "--json"))} == {"received"}


def test_what_is_held_is_listed_and_returned_anyway(data):
    (held,) = rows(hht(data, "queue", "held", "--json"))
    assert held["alert_code"] == 0x810E
    hht(data, "queue", "return", str(held["capture"]))
    assert len(rows(hht(data, "queue", "list", "--json"))) == 3
    assert hht(data, "queue", "held", "--json") == ""


def test_audit_verify_holds_and_breaks(data):
    (verdict,) = rows(hht(data, "audit", "verify", "--json"))
    assert verdict["holds"]
    assert verdict["entries"] == len(rows(hht(data, "audit", "list", "--json")))
    said = hht(data, "audit", "verify", "--head", verdict["head"])
    assert "not checked: training data has no anchor." in said
    assert "not in it" in hht(data, "audit", "verify", "--head", "00" * 32, code=1)


def test_a_pin_protects_the_data_and_is_never_an_argument(data, tmp_path):
    pin, new = tmp_path / "pin", tmp_path / "new"
    pin.write_text("271828\n")
    new.write_text("314159\n")
    pin_set = ("pin", "set", "--mode", "training")
    no_policy = hht(data, *pin_set, "--wipe-after", "-1", HHT_NEW_PIN_FILE=str(pin), code=2)
    assert "--wipe-after" in no_policy
    hht(data, *pin_set, HHT_NEW_PIN_FILE=str(pin))
    assert "PIN is needed" in hht(data, "queue", "list", code=1)
    assert rows(hht(data, "queue", "list", "--json", HHT_PIN_FILE=str(pin)))
    hht(data, "pin", "change", HHT_PIN_FILE=str(pin), HHT_NEW_PIN_FILE=str(new))
    assert "PIN is wrong" in hht(data, "jobs", "list", code=1, HHT_PIN_FILE=str(pin))
    assert hht(data, "jobs", "list", HHT_PIN_FILE=str(new))
    assert hht(data, "pin", "rekey", HHT_PIN_FILE=str(new))


def test_backup_and_restore(data, tmp_path):
    hht(data, "backup", str(tmp_path / "copy.db"))
    hht(data, "queue", "return", "3")
    (data / FETCHED_FILE).write_text("{}")
    hht(data, "restore", "--mode", "training", str(tmp_path / "copy.db"))
    assert len(rows(hht(data, "queue", "list", "--json"))) == 2
    assert not (data / FETCHED_FILE).exists()  # a job that the backup lacks is fetched again


def test_lists_can_be_read_while_another_hht_has_the_database_open(data):
    with Store.open(data / "training.db", Mode.TRAINING):
        assert len(rows(hht(data, "queue", "list", "--json"))) == 2
        assert hht(data, "queue", "show", "1")
        assert hht(data, "jobs", "list")
        assert hht(data, "audit", "verify")
        assert "Another hht" in hht(data, "queue", "export", "--out", str(data / "o"), code=1)


def test_show_gives_the_message_and_the_request(data):
    (row,) = rows(hht(data, "queue", "show", "1", "--json"))
    assert row["message"] == CCS01_RESPONSE.hex().upper()
    assert row["xml"].startswith("<?xml")


def test_only_what_was_received_is_forgotten(data):
    with gateway_sim("--misbehave", "E5", "--share", "0.5", "--seed", "1") as (url, counts):
        hht(data, "queue", "upload", "--to", url, code=1)
    assert counts["received"] == 1
    assert hht(data, "queue", "forget", "--days", "0").startswith("1 item ")
    assert [row["state"] for row in rows(hht(data, "queue", "list", "--json"))] == ["refused"]


def states(data: Path) -> dict[int, str]:
    return {row["item"]: row["state"] for row in rows(hht(data, "queue", "list", "--json"))}


def test_refused_and_held_items_are_retried_by_number_many_or_all(data):
    with gateway_sim("--misbehave", "E5", "--times", "0") as (url, _):
        hht(data, "queue", "upload", "--to", url, code=1)
    assert states(data) == {1: "refused", 2: "refused"}
    assert hht(data, "queue", "retry", "1", "2").count("is ready again") == 2
    assert states(data) == {1: "ready", 2: "ready"}
    with gateway_sim("--misbehave", "wrong-code", "--times", "0") as (url, _):
        hht(data, "queue", "upload", "--to", url, code=1)
    assert states(data) == {1: "held", 2: "held"}
    assert hht(data, "queue", "retry", "--all").count("is ready again") == 2
    assert states(data) == {1: "ready", 2: "ready"}
    assert "Nothing is refused or held" in hht(data, "queue", "retry", "--all")


def test_retry_says_of_each_item_that_cannot_be_retried_and_does_the_others(data):
    half = ("--misbehave", "E5", "--share", "0.5", "--seed", "1", "--times", "0")
    with gateway_sim(*half) as (url, _):
        hht(data, "queue", "upload", "--to", url, code=1)
    (refused,) = [item for item, state in states(data).items() if state == "refused"]
    received = 3 - refused
    said = hht(data, "queue", "retry", str(received), "99", str(refused), code=1)
    assert f"Item {refused} is ready again" in said
    assert states(data)[refused] == "ready"
    assert "or --all" in hht(data, "queue", "retry", code=2)
    assert "or --all" in hht(data, "queue", "retry", "1", "--all", code=2)


def test_what_came_back_is_in_the_note_of_the_list(data):
    with gateway_sim("--misbehave", "portal-page", "--times", "0") as (url, _):
        hht(data, "queue", "upload", "--to", url, "--give-up-after", "0.5", code=1)
    first = rows(hht(data, "queue", "list", "--json"))[0]
    assert first["state"] == "sent"
    assert first["note"] == "HTTP 200: <html><body>Please sign in to the guest Wi-Fi</body></html>"
    assert "guest Wi-Fi" in hht(data, "queue", "list")


def test_an_exported_item_is_written_and_not_sent(data, tmp_path):
    hht(data, "queue", "export", "--out", str(tmp_path / "out"))
    assert set(states(data).values()) == {"written"}


def test_receipts_without_the_dccs_answer_change_nothing_and_say_so(data, tmp_path):
    hht(data, "queue", "export", "--out", str(tmp_path / "out"))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    keys = [item["idempotency_key"] for item in manifest["items"]]
    forged = [{"idempotency_key": key, "code": "I0"} for key in keys]
    content = {"format": "hht-receipts/1", "mode": "training", "receipts": forged}
    (tmp_path / "receipts.json").write_text(json.dumps(content))
    said = hht(data, "queue", "receive", str(tmp_path / "receipts.json"), code=1)
    assert said.startswith("0 received")
    assert set(states(data).values()) == {"written"}


def test_the_doctor_finds_nothing_wrong_and_then_something(data):
    data.chmod(0o700)
    healthy = rows(hht(data, "doctor", "--json"))
    unchecked = [row["check"] for row in healthy if row["holds"] is None]
    assert unchecked == ["dongle"], "what was not checked is never called in order"
    assert all(row["holds"] is not False for row in healthy)
    assert {"folder", "training", "radio"} == {row["about"] for row in healthy}
    (data / "live.db").write_text("Dear diary")
    sick = [row for row in rows(hht(data, "doctor", "--json", code=1)) if row["holds"] is False]
    assert [(row["about"], row["check"]) for row in sick] == [("live", "open")]
    assert sick[0]["remedy"]


def test_the_doctor_checks_the_gateways_settings_and_names_the_proxy(data):
    data.chmod(0o700)
    (data / "gateway.toml").write_text('url = "https://gateway.example/my?key=s3cret"\n')
    said = hht(data, "doctor", "--json", HTTPS_PROXY="http://me:pa55@proxy.example:3128")
    (found,) = [row for row in rows(said) if row["about"] == "gateway"]
    assert found["found"] == (
        "https://gateway.example/my through the proxy proxy.example:3128 (HTTPS_PROXY)"
    )
    assert "s3cret" not in said
    assert "pa55" not in said
    (data / "gateway.toml").write_text('url = "https://gateway.example"\nat_once = 0\nx = 1\n')
    sick = [row for row in rows(hht(data, "doctor", "--json", code=1)) if not row["holds"]]
    assert ["line 2" in sick[0]["found"], "line 3" in sick[1]["found"]] == [True, True]


def test_the_doctor_says_when_the_dongle_does_not_answer(data):
    data.chmod(0o700)
    said = rows(hht(data, "doctor", "--json", "--radio", "socket://127.0.0.1:9", code=1))
    assert said[-1]["check"] == "dongle"
    assert not said[-1]["holds"]


def test_the_simulator_names_its_misbehaviours_and_refuses_others(tmp_path):
    assert "half-answer" in hht(tmp_path, "gateway-sim", "--misbehave", "list")
    assert "none of" in hht(tmp_path, "gateway-sim", "--misbehave", "polite", code=2)
