"""`hht label` as a shell sees it."""

from hht.zse.install_code import crc

CODE = bytes(range(16))
LABEL = f"Z:00DB1234567890A0$I:{(CODE + crc(CODE)).hex().upper()}"


def test_every_text_has_its_object_and_no_code_is_printed(hht) -> None:
    ran = hht("label", LABEL, "", "1312345678111", "--json")
    assert ran.code == 1
    assert [row["kind"] for row in ran.rows] == ["both", "unknown", "mpan"]
    assert set(ran.rows[0]) == {
        *("text", "kind", "entity_id", "install_code_ok", "mpxn", "order", "warning", "error")
    }
    assert ran.rows[0]["entity_id"] == "00-DB-12-34-56-78-90-A0"
    assert CODE.hex() not in (ran.out + ran.err).lower()


def test_a_warning_leaves_the_exit_at_zero(hht) -> None:
    ran = hht("label", "1312345678111", "--json")
    assert (ran.code, bool(ran.rows[0]["warning"])) == (0, True)


def test_the_code_is_printed_where_it_is_asked_for(hht) -> None:
    ran = hht("label", LABEL, "--json", "--show-code")
    assert ran.rows[0]["install_code"] == CODE.hex().upper()
    assert CODE.hex().upper() in hht("label", LABEL, "--show-code").out
    assert CODE.hex() not in hht("label", LABEL).out.lower()
