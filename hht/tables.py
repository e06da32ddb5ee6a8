"""The tables of names under assets/tables: tab-separated, with # comments and a heading."""

from importlib.resources import files


def rows_of(name: str) -> list[list[str]]:
    """Return the rows of a table, each as long as its heading: cells missing at the end are
    empty."""
    text = (files("assets") / "tables" / name).read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    width = lines[0].count("\t") + 1
    return [(line + "\t" * width).split("\t")[:width] for line in lines[1:]]
