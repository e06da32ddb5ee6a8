"""The alert codes of GBCS section 16 by their names, from assets/tables/alert_codes.tsv."""

from functools import cache

from hht.tables import rows_of


def alert_name(code: int) -> str:
    """What an alert code stands for; for a code this tool does not know, words that say so."""
    return _names().get(code, f"Alert {code:04X}, which this tool does not know")


@cache
def _names() -> dict[int, str]:
    return {int(code, 16): name for code, name in rows_of("alert_codes.tsv")}
