"""What a label is, in every form in which makers print one and scanners type one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.entity_id import EntityId
from hht.label import MASK, Label, LabelKind, read_label
from hht.zse.install_code import CODE_LENGTHS, crc

EUI = "00DB1234567890A0"
ENTITY = EntityId.parse(EUI)
CODES = {length: bytes(range(0xA1, 0xA1 + length)) for length in CODE_LENGTHS}


def hexadecimal(code: bytes, *, checked: bool) -> str:
    return (code + (crc(code) if checked else b"")).hex().upper()


def without_secret(label: Label, code: bytes) -> bool:
    plain = "".join(each for each in label.text if each.isalnum()).upper()
    return code.hex().upper() not in plain and code.hex().upper() not in repr(label)


@pytest.mark.parametrize(
    "text",
    [
        EUI,
        EUI.lower(),
        str(ENTITY),
        str(ENTITY).replace("-", ":"),
        str(ENTITY).replace("-", " "),
        "EUI: 00-DB-12-34-56-78-90-A0",
        "EUI-64 00DB1234567890A0",
        "EUI64: 00DB1234567890A0",
        "IEEE 00:DB:12:34:56:78:90:A0",
        "GUID=00DB1234567890A0",
        "0x00DB1234567890A0",
        "]C100DB1234567890A0\r\n",
        "00DB1234567890A0\t",
        "Z:00DB1234567890A0",
        "００ＤＢ１２３４５６７８９０Ａ０",
        "CHF 00-DB-12-34-56-78-90-A0 made in 2026",
        "CHF 00-DB-12-34-56-78-90-A0 made on 2026-11-26, batch 12345678",
        "00DB 1234 5678 90A0",
        "00–DB–12–34–56–78–90–A0",
        "ZigBee MAC address: 00.DB.12.34.56.78.90.A0",
        "EUI-64:00-DB-12-34-56-78-90-A0",
        "EUI64 (CHF) = 0x00DB1234567890A0",
        "]Q3<00DB1234567890A0>",
    ],
)
def test_an_entity_identifier_is_read_in_every_usual_form(text: str) -> None:
    label = read_label(text)
    assert (label.kind, label.entity_id, label.error) == (LabelKind.ENTITY_ID, ENTITY, None)
    assert label.text == text


@pytest.mark.parametrize(
    ("length", "checked"), [(6, False), (8, True), (12, False), (12, True), (16, False), (16, True)]
)
def test_bare_digits_of_a_codes_length_are_an_install_code(length: int, checked: bool) -> None:
    code = CODES[length]
    label = read_label(hexadecimal(code, checked=checked))
    assert (label.kind, label.install_code) == (LabelKind.INSTALL_CODE, code)
    assert label.install_code_ok is (True if checked else None)
    assert without_secret(label, code)
    assert set(label.text) == {MASK}


@pytest.mark.parametrize("length", CODE_LENGTHS)
@pytest.mark.parametrize(
    "form",
    [
        "Z:{eui}$I:{code}",
        "I:{code} EUI:{eui}",
        "EUI:{eui} I:{code}",
        "Z:{eui}%I:{code}",
        "G$M:69775$S:680S003915$D:0000000017B2335C%Z$A:{eui}$I:{code}",
        "EUI: {eui} Install Code: {code}",
        "IC {code}\nEUI {eui}",
        "{code},{eui}",
        "{eui} {code}",
        "{code};{eui}",
        "0x{eui}|0x{code}",
        "Z:0x{eui}$I:0x{code}",
        "HUE:Z:{eui};I:{code}",
        "{eui} Install Code (hex): {code}",
        "Install Code {code} for {eui}",
        "EUI,{eui},IC,{code}",
        '{{"eui":"{eui}","installCode":"{code}"}}',
        "https://meters.example/?eui={eui}&ic={code}",
    ],
)
def test_both_in_one_label_are_distinguished(length: int, form: str) -> None:
    code = CODES[length]
    label = read_label(form.format(eui=EUI, code=hexadecimal(code, checked=True)))
    assert (label.kind, label.entity_id) == (LabelKind.BOTH, ENTITY)
    assert (label.install_code, label.install_code_ok) == (code, True)
    assert without_secret(label, code)


@pytest.mark.parametrize("length", CODE_LENGTHS)
@pytest.mark.parametrize("code_first", [False, True])
def test_the_order_of_both_without_a_separator_is_the_one_whose_check_bytes_fit(
    length: int, code_first: bool
) -> None:
    code = hexadecimal(CODES[length], checked=True)
    label = read_label(code + EUI if code_first else EUI + code)
    assert (label.kind, label.entity_id) == (LabelKind.BOTH, ENTITY)
    assert label.install_code == CODES[length]


@pytest.mark.parametrize("length", [6, 12, 16])
def test_without_check_bytes_the_entity_identifier_is_first(length: int) -> None:
    label = read_label(EUI + hexadecimal(CODES[length], checked=False))
    assert (label.kind, label.entity_id) == (LabelKind.BOTH, ENTITY)
    assert (label.install_code, label.install_code_ok) == (CODES[length], None)


def test_two_halves_of_eight_bytes_are_said_to_be_either_unless_one_is_known() -> None:
    """An Install Code of 8 bytes without check bytes looks as an Entity Identifier does."""
    code = hexadecimal(CODES[8], checked=False)
    first, second = read_label(f"{EUI},{code}"), read_label(f"{code} {EUI}")
    assert (first.kind, first.entity_id) == (LabelKind.BOTH, ENTITY)
    assert all("Either half" in (each.warning or "") for each in (first, second))
    for each in (first, second):
        known = each.read_for({ENTITY})
        assert (known.entity_id, known.install_code) == (ENTITY, CODES[8])
        assert "Either half" not in (known.warning or "")
        assert each.read_for(()) is each
    assert "Either half" not in (read_label(f"EUI: {EUI} Install Code: {code}").warning or "")


WRONG_6 = CODES[6].hex() + "0000"


@pytest.mark.parametrize("form", ["Z:{eui}$I:{code}", "Z:{eui}%I:{code}", "I:{code}"])
def test_a_short_code_in_a_qr_field_whose_check_bytes_do_not_fit_is_no_longer_code(
    form: str,
) -> None:
    label = read_label(form.format(eui=EUI, code=WRONG_6))
    assert (label.install_code, label.install_code_ok) == (None, False)
    assert label.error
    assert without_secret(label, CODES[6])


@pytest.mark.parametrize(
    "text", [f"EUI {EUI} IC {WRONG_6}", f"Install Code {WRONG_6}", f"{EUI} {WRONG_6}"]
)
def test_where_a_code_may_be_one_of_another_length_with_a_wrong_check_it_is_said(text: str) -> None:
    label = read_label(text).read_for({ENTITY})
    assert (label.install_code_ok, label.error) == (None, None)
    assert "or one of 6 whose check digits do not fit" in (label.warning or "")


def test_where_both_may_be_one_code_with_a_wrong_check_it_is_said() -> None:
    warning = read_label(EUI + CODES[6].hex()).warning
    assert "or one of 12 whose check digits do not fit" in (warning or "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A1A2A3A4A5A6A7A80000", LabelKind.INSTALL_CODE),
        ((bytes(range(16)) + b"\x00\x00").hex(), LabelKind.INSTALL_CODE),
        (EUI + (bytes(range(12)) + b"\x00\x00").hex(), LabelKind.BOTH),
        ("Install Code A1A2A3A4A5A6A7A80000", LabelKind.INSTALL_CODE),
    ],
)
def test_check_bytes_that_do_not_fit_keep_the_kind_and_are_an_error(
    text: str, kind: LabelKind
) -> None:
    label = read_label(text)
    assert (label.kind, label.install_code, label.install_code_ok) == (kind, None, False)
    assert "do not fit" in (label.error or "")


@pytest.mark.parametrize(
    ("text", "kind", "mpxn", "warns"),
    [
        ("1234567890126", LabelKind.MPAN, "1234567890126", False),
        ("12 3456 7890 126", LabelKind.MPAN, "1234567890126", False),
        ("001112221234567890126"[-21:], LabelKind.MPAN, "1234567890126", False),
        ("1312345678111", LabelKind.MPAN, "1312345678111", True),
        ("3938424403", LabelKind.MPRN, "3938424403", False),
        ("MPRN: 3938424404", LabelKind.MPRN, "3938424404", True),
        ("１２３４５６７８９０１２６", LabelKind.MPAN, "1234567890126", False),
        ("12-3456-7890-126", LabelKind.MPAN, "1234567890126", False),
        ("S 01 801 902 12 3456 7890 126", LabelKind.MPAN, "1234567890126", False),
        ("MPAN: 1234567890126 (electricity)", LabelKind.MPAN, "1234567890126", False),
        ("MPAN Core: 1234567890126", LabelKind.MPAN, "1234567890126", False),
        ("MPAN No. 1234567890126", LabelKind.MPAN, "1234567890126", False),
        ("01|801|902|12|3456|7890|126", LabelKind.MPAN, "1234567890126", False),
        ("MPRN number 3938424403", LabelKind.MPRN, "3938424403", False),
        ("Meter Point Reference Number: 3938424403", LabelKind.MPRN, "3938424403", False),
        ("M Number 3938424403", LabelKind.MPRN, "3938424403", False),
    ],
)
def test_a_meter_point_number_that_fails_its_check_warns_and_is_read(
    text: str, kind: LabelKind, mpxn: str, warns: bool
) -> None:
    label = read_label(text)
    assert (label.kind, label.mpxn, label.error) == (kind, mpxn, None)
    assert bool(label.warning) is warns


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("JOB-0001", "JOB-0001"),
        ("Order 4711", "4711"),
        ("ORDER NO. 4711/2", "4711/2"),
        ("Work order: 12", "12"),
        ("WO 12345", "12345"),
        ("W/O 12345", "12345"),
        ("Job no. 12345", "12345"),
        ("Order WO-4711", "WO-4711"),
    ],
)
def test_an_order_is_known_by_its_word(text: str, order: str) -> None:
    label = read_label(text)
    assert (label.kind, label.order) == (LabelKind.ORDER, order)


@pytest.mark.parametrize("text", ["", "  \r\n", "12345", "hello", "A1A2A3A4A5A6A7", "EUI: 00DB12"])
def test_anything_else_is_unknown_with_its_reason(text: str) -> None:
    label = read_label(text)
    assert label.kind is LabelKind.UNKNOWN
    assert label.error


def test_a_code_with_a_digit_too_few_is_not_shown_either() -> None:
    mistyped = hexadecimal(CODES[16], checked=True)[:-1]
    assert mistyped not in read_label(mistyped).text


def test_digits_that_are_a_part_of_more_are_no_entity_identifier() -> None:
    for text in (
        f"EUI {ENTITY}-11",
        "Key: 83 FE D3 40 7A 93 97 23 A5 C6 39 B2 69",
        f"A5:5O:{ENTITY}",
    ):
        assert read_label(text).entity_id is None


FORMS = ("{eui} {code}", "EUI {eui} IC {code}", "Z:{eui}$I:{code}", "Key: {code}", "IC={code}")
GROUPS = st.sampled_from([(36, ""), (4, " "), (2, "-"), (2, ":")])


@given(st.sampled_from(FORMS), GROUPS, st.integers(20, 70), st.sampled_from("OG_ "))
def test_a_damaged_code_is_not_shown_either(
    form: str, group: tuple[int, str], at: int, sign: str
) -> None:
    secret = hexadecimal(CODES[16], checked=True)
    size, between = group
    code = between.join(secret[i : i + size] for i in range(0, 36, size))
    text = form.format(eui=ENTITY, code=code)
    label = read_label(text[:at] + sign + text[at + 1 :])
    shown = "".join(each for each in label.text.upper() if each in "0123456789ABCDEF")
    if label.entity_id in (None, ENTITY):
        assert not any(secret[i : i + 12] in shown for i in range(24))


@given(st.text(max_size=80))
def test_any_text_is_some_label(text: str) -> None:
    label = read_label(text)
    assert len(label.text) == len(text)
    assert label.kind is not LabelKind.UNKNOWN or label.error


CODE_WITH_ZEROS = bytes.fromhex("83FED3407A939723A5C639B26916D505")
PRINTED = hexadecimal(CODE_WITH_ZEROS, checked=True)
WITH_O = PRINTED.replace("0", "O")


def in_fours(digits: str, sign: str = " ") -> str:
    return sign.join(digits[at : at + 4] for at in range(0, len(digits), 4))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (WITH_O, LabelKind.INSTALL_CODE),
        (in_fours(WITH_O), LabelKind.INSTALL_CODE),
        (in_fours(WITH_O.lower(), "-"), LabelKind.INSTALL_CODE),
        (f"Install Code: {in_fours(WITH_O)}", LabelKind.INSTALL_CODE),
        (f"INSTALL CODE {in_fours(WITH_O)}", LabelKind.INSTALL_CODE),
        (f"Code of the ESME: {in_fours(WITH_O)}", LabelKind.INSTALL_CODE),
        (f"IC{WITH_O}", LabelKind.INSTALL_CODE),
        (f"Z:{EUI}$I:{WITH_O}", LabelKind.BOTH),
        (f"{EUI} {WITH_O}", LabelKind.BOTH),
        (f"EUI: {ENTITY} Install Code: {in_fours(WITH_O)}", LabelKind.BOTH),
    ],
)
def test_a_letter_o_is_a_zero_where_the_check_digits_fit_it_and_that_is_said(
    text: str, kind: LabelKind
) -> None:
    label = read_label(text)
    assert (label.kind, label.install_code, label.error) == (kind, CODE_WITH_ZEROS, None)
    assert "letter O" in (label.warning or "")
    assert not set(label.text.replace(EUI, "").replace(str(ENTITY), "")) & set("0123456789")


@pytest.mark.parametrize(
    "text",
    [
        in_fours(WITH_O[:-1] + "6"),  # check digits that do not fit
        in_fours(WITH_O[:-4]),  # none to check
        f"Install Code: {in_fours(WITH_O[:-4])}",
        f"EUI: {EUI.replace('0', 'O')} IC: {WITH_O}",  # nothing checks an Entity Identifier
        str(ENTITY).replace("0", "O"),
    ],
)
def test_a_letter_o_that_nothing_proves_is_refused_and_named(text: str) -> None:
    label = read_label(text)
    assert label.install_code is None
    assert label.entity_id is None
    assert "letter O" in (label.error or "")


@pytest.mark.parametrize("text", ["JOB-OOO1", "Order 12O4", f"CHF {ENTITY}, made of DO 12"])
def test_a_letter_o_of_a_word_stays_one(text: str) -> None:
    label = read_label(text)
    assert (label.error, label.warning, label.text) == (None, None, text)


@pytest.mark.parametrize("word", ["", "Install Code: ", "IC ", "Code of the meter "])
@pytest.mark.parametrize("wrong", "OIlSGZ")
def test_no_part_of_an_install_code_with_a_wrong_letter_is_shown(word: str, wrong: str) -> None:
    for at in range(len(PRINTED)):
        damaged = PRINTED[:at] + wrong + PRINTED[at + 1 :]
        shown = read_label(word + in_fours(damaged)).text.removeprefix(word)
        assert not any(each.isdecimal() for each in shown), at


@pytest.mark.parametrize(
    "text",
    [
        "MAC: 001B63227F5CAB6B Key: c87f0be18f29",
        "EUI64 001B63227F5CAB6B Code c87f 0be1 8f29",
    ],
)
def test_a_code_is_read_by_its_word_behind_an_identifier_that_ends_with_a_letter(text: str) -> None:
    label = read_label(text)
    assert (label.kind, label.install_code) == (LabelKind.BOTH, bytes.fromhex("c87f0be18f29"))
    assert without_secret(label, bytes.fromhex("c87f0be18f29"))


@pytest.mark.parametrize("length", CODE_LENGTHS)
@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize(
    "form",
    [
        "eui,ic\n{eui},{code}",
        "ic,eui\n{code},{eui}",
        "EUI\tInstall Code\r\n{eui}\t{code}",
        "serial,eui,ic\n0123456789ABCDEF,{eui},{code}",
        "IC\nEUI\n{code}\n{eui}",
        "EUI_{eui}_IC_{code}",
        "EUI{eui}IC{code}",
        "ic{code}eui{eui}",
        "EUI:{eui}IC:{code}",
    ],
)
def test_words_as_headings_or_glued_to_their_digits_decide(
    form: str, length: int, checked: bool
) -> None:
    """A code of 16 digits below such a heading was shown as the Entity Identifier."""
    code = CODES[length]
    label = read_label(form.format(eui=EUI, code=hexadecimal(code, checked=checked)))
    assert (label.kind, label.entity_id, label.install_code) == (LabelKind.BOTH, ENTITY, code)
    assert without_secret(label, code)


def test_a_table_of_several_labels_is_refused_and_shows_no_digits() -> None:
    code = hexadecimal(CODES[8], checked=False)
    label = read_label(f"eui,ic\n{EUI},{code}\n{EUI},{code}")
    assert (label.kind, label.entity_id) == (LabelKind.UNKNOWN, None)
    assert label.text.count(MASK) == 4 * len(code)


def test_a_code_in_groups_between_underscores_is_read_and_masked() -> None:
    label = read_label("IC A1A2_A3A4_A5A6_1775")
    assert (label.install_code, label.text) == (CODES[6], "IC ****_****_****_****")


def test_the_letter_of_a_bill_is_passed_over_where_the_check_digits_fit() -> None:
    """A meter's serial number has such a letter, too."""
    assert read_label("M3938424403").mpxn == "3938424403"
    assert read_label("M3938424404").kind is LabelKind.UNKNOWN


def test_other_codes_and_keys_are_no_install_codes() -> None:
    assert read_label("area code c87f0be18f29").kind is LabelKind.UNKNOWN
    assert read_label("EUI64 001B63227F5CAB6B bar code 11223344").kind is LabelKind.ENTITY_ID


@pytest.mark.parametrize("between", [" ", "\t", "\n", "\r\n"])
def test_a_code_in_groups_is_distinguished_from_the_identifier_in_one_piece_before_it(
    between: str,
) -> None:
    label = read_label(f"001BECBB4730BB5C{between}AB4C DD8A BCE8 C87A")
    assert (label.kind, label.entity_id) == (LabelKind.BOTH, EntityId.parse("001BECBB4730BB5C"))
    assert label.install_code == bytes.fromhex("AB4CDD8ABCE8C87A")


@pytest.mark.parametrize(
    "text", ["I: install code", "Z:00DB1234567890A3$I:install code", "INSTALL CODE I: Area"]
)
def test_the_letters_of_words_are_not_masked(text: str) -> None:
    assert read_label(text).text == text


def test_a_word_beside_an_install_code_keeps_its_letters() -> None:
    code = hexadecimal(CODES[16], checked=True)
    assert read_label(f"{code} ESME {EUI} code").text == f"{MASK * len(code)} ESME {EUI} code"


def test_an_order_with_an_install_code_glued_to_it_is_no_order_that_shows_it() -> None:
    code = CODES[16]
    label = read_label(f"JOB-12{hexadecimal(code, checked=True)}")
    assert label.kind is LabelKind.UNKNOWN
    assert without_secret(label, code)
