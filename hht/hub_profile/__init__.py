"""Hub profiles: what GBCS leaves unknown about Communications Hubs, read from assets as data."""

from hht.hub_profile.loading import (
    DEFAULT,
    OWN_FOLDER,
    is_hidden,
    load_profile,
    own_files,
    profile_fault,
    profile_files,
    profile_names,
    settled_name,
    stock_names,
    use_own_profiles,
)
from hht.hub_profile.profile import HUB_BEHAVIOUR, HubProfile, fits

__all__ = [
    "DEFAULT",
    "HUB_BEHAVIOUR",
    "OWN_FOLDER",
    "HubProfile",
    "fits",
    "is_hidden",
    "load_profile",
    "own_files",
    "profile_fault",
    "profile_files",
    "profile_names",
    "settled_name",
    "stock_names",
    "use_own_profiles",
]
