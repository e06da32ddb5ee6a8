"""Where a screen's stylesheet is: beside its module, under the same name."""

from pathlib import Path


def css_beside(module_file: str) -> str:
    """Return the .tcss of the same name beside a screen's module."""
    return str(Path(module_file).with_suffix(".tcss"))
