"""A mail, web page or JSON file is imported by the DUIS Responses in it, in any encoding."""

import html
import json
import quopri
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from duis_samples import CHF, SUPPLIER, local_command_xml
from store_samples import CCS01_COMMAND, CCS01_REFUSED_COMMAND

from hht.duis.envelope import TRAINING_MARK
from hht.duis.job_pack import read_job_pack
from hht.duis.message_sources import find_messages
from hht.errors import HhtError

XML = local_command_xml(CCS01_COMMAND)
OTHER = local_command_xml(CCS01_REFUSED_COMMAND, request_id=f"{SUPPLIER}:{CHF}:1001")
TEXT = XML.decode()
GREETING = "Good morning,\n\nplease deliver this:\n\n"


def mail(*documents: bytes, body: str = GREETING, attached: bool = True) -> bytes:
    """A mail with the documents attached, or in its text."""
    message = EmailMessage()
    message["From"], message["To"] = "office@example.com", "engineer@example.com"
    message["Subject"] = "Local Commands"
    message.set_content(body if attached else body + "\n\n".join(d.decode() for d in documents))
    for number, document in enumerate(documents if attached else ()):
        message.add_attachment(
            document, maintype="application", subtype="xml", filename=f"{number}.xml"
        )
    return message.as_bytes()


FORMS = {
    "attached.eml": mail(XML),
    "in-text.eml": mail(XML, attached=False),
    "quoted-printable.txt": quopri.encodestring(XML, quotetabs=True),
    "quoted.txt": GREETING.encode() + b"> " + XML.replace(b"\n", b"\n> "),
    "page.html": f"<html><body><pre>{html.escape(TEXT)}</pre></body></html>".encode(),
    "with-xml.htm": f"<html><body>{TEXT}</body></html>".encode(),
    "answer.json": json.dumps({"status": 200, "body": TEXT}).encode(),
    "list.json": json.dumps([{"answer": [TEXT]}]).encode(),
    "utf-16.eml": mail(XML, attached=False).decode().encode("utf-16"),
    "utf-16.txt": (GREETING + TEXT).encode("utf-16-le"),
    "crlf.txt": (GREETING + TEXT).replace("\n", "\r\n").encode(),
    "bom.txt": b"\xef\xbb\xbf" + GREETING.encode() + XML,
}


@pytest.mark.parametrize("name", FORMS)
def test_what_inspect_reads_in_a_mail_is_imported_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FORMS[name])
    assert [found.raw for found in find_messages(str(path))] == [CCS01_COMMAND]
    (command,) = read_job_pack(path).commands
    assert command.local_command.raw == CCS01_COMMAND
    assert str(command.local_command.request_id) == f"{SUPPLIER}:{CHF}:1000"


@pytest.mark.parametrize("attached", [True, False])
def test_every_response_of_a_mail_is_imported(attached: bool, tmp_path: Path) -> None:
    path = tmp_path / "two.eml"
    path.write_bytes(mail(XML, OTHER, attached=attached))
    raws = [each.local_command.raw for each in read_job_pack(path).commands]
    assert raws == [CCS01_COMMAND, CCS01_REFUSED_COMMAND]


def test_a_folder_and_a_zip_of_mails_are_imported_and_a_greeting_is_left_out(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail(XML))
    (folder / "b.eml").write_bytes(mail())
    archive = tmp_path / "mails.zip"
    with ZipFile(archive, "w") as into:
        for path in folder.iterdir():
            into.write(path, path.name)
    for pack in (read_job_pack(folder), read_job_pack(archive)):
        assert [each.local_command.raw for each in pack.commands] == [CCS01_COMMAND]
        assert any("There is no Local Command in this mail" in note for note in pack.notes)


def test_a_mail_with_a_bare_message_does_not_say_its_request_id(tmp_path: Path) -> None:
    path = tmp_path / "bare.eml"
    path.write_bytes(mail(body=f"{GREETING}{CCS01_COMMAND.hex()}\n"))
    with pytest.raises(HhtError, match="does not say under which RequestID"):
        read_job_pack(path)


def test_a_training_mark_in_a_document_of_a_mail_stays(tmp_path: Path) -> None:
    path = tmp_path / "training.eml"
    marked = XML.replace(b"?>\n", f"?>\n{TRAINING_MARK}\n".encode(), 1)
    path.write_bytes(mail(marked))
    (command,) = read_job_pack(path).commands
    assert command.local_command.is_training


@pytest.mark.parametrize(
    "content",
    [
        mail(XML, body=f"{TRAINING_MARK}\n"),
        f"<html><p>{html.escape(TRAINING_MARK)}</p><pre>{html.escape(TEXT)}</pre></html>".encode(),
        json.dumps({"mark": TRAINING_MARK, "body": TEXT}).encode(),
        f"{TEXT}\n{TRAINING_MARK}\n\n{OTHER.decode()}".encode().replace(b"<?xml", b"see <?xml", 1),
    ],
)
def test_a_training_mark_outside_the_documents_makes_nothing_live(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "doubtful.txt"
    path.write_bytes(content)
    with pytest.raises(HhtError, match="marked as training data"):
        read_job_pack(path).check_mode("live", str(path))


JOB = b'{"format": "hht-job/1", "mode": "training"}'


def zipped(name: str, content: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        mail(XML, JOB),
        mail(JOB, XML),
        mail(XML, zipped("pack/job.json", JOB)),
        mail(XML, body=JOB.decode()),
    ],
    ids=[
        "after",
        "before",
        "zipped",
        "as the text",
    ],  # a mail's boundary, a ZIP's time: drawn again
)
def test_what_comes_with_the_description_of_its_job_is_not_taken_without_it(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "pack.eml"
    path.write_bytes(content)
    with pytest.raises(HhtError, match="belong to the job pack"):
        read_job_pack(path)


@pytest.mark.parametrize("between", ["", "\n", "\n\nand the second one:\n"])
@pytest.mark.parametrize("name", ["both.txt", "both.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_documents_that_follow_each_other_in_one_file_are_all_read(
    name: str, between: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes((TEXT + between + OTHER.decode()).encode(encoding))
    raws = [CCS01_COMMAND, CCS01_REFUSED_COMMAND]
    assert [found.raw for found in find_messages(str(path))] == raws
    assert [each.local_command.raw for each in read_job_pack(path).commands] == raws


def test_documents_of_which_one_is_cut_are_refused_and_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "both.txt"
    path.write_bytes(XML + OTHER + XML[:400])
    (found,) = find_messages(str(path))
    assert found.error is not None
    with pytest.raises(HhtError) as refused:
        read_job_pack(path)
    for error in (found.error, refused.value):
        assert "not one XML document: something else begins at line" in str(error.what)
        assert "a file of its own" in error.remedy
