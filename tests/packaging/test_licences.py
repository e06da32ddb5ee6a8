"""The SBOM's licences: each package's own, as its metadata names it, and never a guess."""

import json
import runpy
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "packaging" / "deb" / "licences.py"


def completed(folder: Path, line: str) -> object:
    """Complete an SBOM that has no licence for a package with that line in its metadata."""
    metadata = folder / "lib/python3.11/site-packages/some_library-1.0.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: some-library\nVersion: 1.0\n{line}\n\n")
    sbom = folder / "sbom.json"
    known = {"name": "other", "licenses": [{"license": {"id": "MIT"}}]}
    sbom.write_text(json.dumps({"components": [known, {"name": "some-library"}]}))
    runpy.run_path(str(SOURCE))["complete"](sbom, folder)
    given = json.loads(sbom.read_text())["components"]
    assert given[0] == known
    return given[1]["licenses"]


@pytest.mark.parametrize(
    ("named", "called"),
    [("Apache License, Version 2.0", {"id": "Apache-2.0"}), ("Our Own", {"name": "Our Own"})],
)
def test_a_licence_that_the_sbom_lacks_is_the_one_that_the_package_names(tmp_path, named, called):
    given = completed(tmp_path, f"License: {named}")
    assert given == [{"license": {"acknowledgement": "declared"} | called}]


def test_a_package_that_names_no_licence_ends_the_build(tmp_path):
    with pytest.raises(SystemExit, match="some-library names no licence"):
        completed(tmp_path, "Author: Someone")
