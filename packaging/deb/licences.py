"""Complete an SBOM: a package's licence is that of its own metadata where the SBOM has none.

The SBOM's maker takes a `License` line for a licence's text unless it is an SPDX identifier.
"""

import importlib.metadata
import json
import sys
from pathlib import Path

SPDX = {"Apache License, Version 2.0": "Apache-2.0"}
"""The identifiers of licences as packages name them."""


def complete(sbom: Path, environment: Path) -> None:
    """Write the missing licences into the SBOM; SystemExit for a package that names none."""
    found = json.loads(sbom.read_text())
    packages = next((environment / "lib").glob("python3.*/site-packages"))
    for component in found["components"]:
        if not component.get("licenses"):
            component["licenses"] = [declared(component["name"], packages)]
    sbom.write_text(json.dumps(found, indent=2))


def declared(package: str, packages: Path) -> dict[str, dict[str, str]]:
    """Return the licence of an installed package as its metadata names it, for an SBOM."""
    name = next(
        (
            each.metadata.get("License", "").strip()
            for each in importlib.metadata.distributions(path=[str(packages)])
            if each.metadata["Name"] == package
        ),
        "",
    )
    if not name or "\n" in name:
        raise SystemExit(f"SBOM: {package} names no licence; look into its files and give it here")
    called = {"id": SPDX[name]} if name in SPDX else {"name": name}
    return {"license": {"acknowledgement": "declared"} | called}


if __name__ == "__main__":
    complete(Path(sys.argv[1]), Path(sys.argv[2]))
