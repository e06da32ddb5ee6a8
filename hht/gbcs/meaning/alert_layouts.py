"""What DLMS Alerts add to their code and time, by message code: assets/tables/alert_layouts.tsv."""

from functools import cache

from hht.gbcs.meaning.layout import Layout, read_layout
from hht.gbcs.tables import rows_of


def alert_layout(message_code: int) -> tuple[Layout, ...]:
    """The layouts of the values after the time stamp; none where the table does not say."""
    return _layouts().get(message_code, ())


@cache
def _layouts() -> dict[int, tuple[Layout, ...]]:
    rows = rows_of("alert_layouts.tsv")
    return {int(code, 16): read_layout(layout).members for code, layout in rows}
