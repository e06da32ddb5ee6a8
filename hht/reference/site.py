"""The premises of the reference Devices, prepared with the reference keys."""

import shutil
from pathlib import Path

from hht.gbcs.keystore import PemFolder
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.simulator.site.spec import SiteSpec


def prepare_reference_site(spec: SiteSpec, run_dir: Path, keys: Path) -> Site:
    """Make the site of the reference Devices with the keys of that folder, or load it."""

    def copy_keys(site: Site) -> None:
        PemFolder(keys)  # HhtError if it is no folder
        shutil.copytree(keys, site.keys_dir, dirs_exist_ok=True)

    return prepare_site(spec, run_dir, fill_keys=copy_keys)
