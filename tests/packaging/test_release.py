"""A release replaces an earlier one and no other files."""

import subprocess
from pathlib import Path

RELEASE = Path(__file__).parents[2] / "packaging" / "release"


def test_a_release_into_a_folder_with_other_files_is_refused_and_keeps_them(tmp_path: Path) -> None:
    script, out = tmp_path / "project" / "packaging" / "release", tmp_path / "my letters"
    script.parent.mkdir(parents=True)
    script.write_bytes(RELEASE.read_bytes())
    out.mkdir()
    (out / "letter.txt").write_text("Dear Ada")
    done = subprocess.run(
        ["bash", str(script), "--rehearse", str(out)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == f"release: {out} has other files in it: give a new folder\n"
    assert (out / "letter.txt").read_text() == "Dear Ada"
