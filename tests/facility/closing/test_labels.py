"""Labels of boxes: what a scanner reads from them, and nothing secret."""

from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
import segno

from hht.errors import HhtError
from hht.facility.bench.run import BenchRun
from hht.facility.bench.slot import SlotChanged
from hht.facility.bench.worker import WorkerSettings
from hht.facility.closing.labels import BoxLabel, label_png, label_svg, write_label
from hht.label import read_label

EUI = "00-DB-00-00-00-00-00-07"
LABEL = BoxLabel(EUI, "b<1>", "REJECTED: Carries another package & more", "bench 2", "2026-11-26")


def test_the_scan_field_reads_what_is_in_the_code() -> None:
    assert str(read_label(LABEL.code).entity_id) == EUI


def test_an_svg_has_every_module_of_the_code_and_every_line() -> None:
    drawn = ElementTree.fromstring(label_svg(LABEL))
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == list(LABEL.lines)
    (path,) = drawn.iter("{http://www.w3.org/2000/svg}path")
    matrix = segno.make(LABEL.code, error="m", micro=False).matrix
    assert path.attrib["d"].count("M") == sum(map(sum, matrix))


@pytest.mark.parametrize("rejected", [True, False], ids=["rejected", "stopped"])
def test_a_unit_that_the_books_do_not_reject_gets_no_label(tmp_path: Path, rejected: bool) -> None:
    settings = WorkerSettings(str(tmp_path), "b1", "bench-1", [("slot-1", "")])
    bench = BenchRun(settings, lambda event: None, labels=tmp_path / "labels")
    bench.hear(msgspec.json.encode(SlotChanged("slot-1", "bad", EUI, rejected=rejected)))
    assert len(list(tmp_path.glob("labels/*"))) == rejected


def test_a_png_is_one() -> None:
    assert label_png(LABEL).startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_unit_has_one_label_however_often_it_is_written(tmp_path: Path, kind: str) -> None:
    for _ in range(2):
        path = write_label(tmp_path / "labels", LABEL, kind)
    assert [path] == list((tmp_path / "labels").iterdir())
    assert path.name == f"00db000000000007.{kind}"


def test_a_folder_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HhtError, match="can"):
        write_label(tmp_path / "file" / "labels", LABEL)
