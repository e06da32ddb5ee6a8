"""What the tests of the simulated hub share: one prepared site, made once."""

import pytest

from hht.training.scenario import load_scenario
from hht.training.site import prepare_site
from hht.training.site_record import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the main job; copy it before a hub writes into it."""
    folder = tmp_path_factory.mktemp("site")
    return prepare_site(load_scenario("no-wan-install"), folder / "run", seed=1)
