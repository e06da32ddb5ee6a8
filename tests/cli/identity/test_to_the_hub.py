"""An identity whose key this handheld made, from its request to the tunnel of a hub."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from ecqv_authority import Authority
from visit_stage import Scene, scene

from hht.zse.cbke.ecqv import SUITE_2, ImplicitCertificate

CODE = "83FED3407A939723A5C639B26916D505"


def answered(on: Scene, request: Path) -> list[str | Path]:
    """Answer a request as the authority that the hub trusts; the options that name the files."""
    trusted = json.loads((on.site.run_dir / "cbke.json").read_text())["ca_private_key"]
    issued = on.site.authority.identity(on.site.hht).certificate
    issuer = ImplicitCertificate.parse(SUITE_2, issued).issuer
    authority = Authority(bytes.fromhex(trusted), issuer)
    return authority.complete(on.site.hht, request, CODE)


@pytest.mark.real_time("the program is a process of its own")
async def test_a_hub_lets_in_the_identity_that_its_issuer_completed(
    hht, data_dir, tmp_path
) -> None:
    async with scene(tmp_path / "premises") as on:
        request = tmp_path / "request.json"
        assert hht("identity", "request", str(on.site.hht), "--out", request).code == 0
        assert hht("identity", "complete", *answered(on, request)).code == 0
        checked = await asyncio.to_thread(hht, "--radio", on.ncp.address, "identity", "check")
        assert f"ok  dongle        has the EUI-64 {on.site.hht}" in checked.out
        assert checked.code == 0
        shutil.copy(data_dir / "hht-identity.json", on.site.run_dir / "hht-identity.json")
        assert (await on.connect()).connected
