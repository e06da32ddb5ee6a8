"""The waits of a visit, kept brief: the hub of these tests is in the same loop."""

import pytest

from hht.journeys import visit
from hht.session import key_agreement


@pytest.fixture(autouse=True)
def _brief_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "QUIET_SECONDS", 0.1)
    monkeypatch.setattr(key_agreement, "ANSWER_SECONDS", 0.5)
