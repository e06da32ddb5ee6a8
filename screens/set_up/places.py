"""What the menus begin to set a handheld up, each by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from screens.set_up.certificate_check import CertificateCheck
from screens.set_up.job_profile import JobProfile
from screens.set_up.job_sources import JobSources
from screens.set_up.set_up import SetUp
from screens.shell import Place

if TYPE_CHECKING:
    from screens.set_up.surroundings import Surroundings


def set_up_places(app: Surroundings) -> Mapping[Place, Callable[[], object]]:
    """Return what each of these places begins; none of them has a screen of its own."""
    set_up, sources = SetUp(app), JobSources(app)
    return {
        Place.IMPORT: set_up.ask_for_pack,
        Place.FETCH: sources.fetch,
        Place.BEGIN: sources.begin,
        Place.REPORT: sources.write_report,
        Place.DONGLE: partial(_ask_for_dongle, app),
        Place.PROFILE: JobProfile(app).ask,
        Place.CERTIFICATE: CertificateCheck(app).ask,
        Place.CHECK_UP: set_up.check_up,
        Place.ABOUT: set_up.about,
        Place.GATEWAY: partial(_ask_for_gateway, app),
        Place.IDENTITY: partial(_ask_for_identity, app),
        Place.PIN: partial(_ask_for_pin, app),
    }


def _ask_for_dongle(app: Surroundings) -> None:
    from screens.set_up.dongle_setting import DongleSetting

    DongleSetting(app).ask()


def _ask_for_gateway(app: Surroundings) -> None:
    from screens.set_up.gateway_setting import GatewaySetting

    GatewaySetting(app).ask()


def _ask_for_identity(app: Surroundings) -> None:
    from screens.set_up.identity_setting import IdentitySetting

    IdentitySetting(app).ask()


def _ask_for_pin(app: Surroundings) -> None:
    from screens.set_up.pin_setting import PinSetting

    PinSetting(app, app.context.data_dir).ask()
