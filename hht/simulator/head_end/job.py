"""The job pack of a site: its Local Commands as the DCC returns them, certificates, job.json.

Each Command is what the DCC returns for local delivery (DUIS 5.4, command variants 2 and 6): a DUIS
Response with the RequestID, the service reference and the GBCS message. Counters are milliseconds
since 1970, rising by one from Command to Command.
"""

import base64
import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hht.duis.envelope import NAMESPACE, TRAINING_MARK
from hht.duis.local_command import read_local_command
from hht.duis.request_id import RequestId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.message import read_headers
from hht.hub_profile import load_profile
from hht.simulator.devices.core.rules import rules
from hht.simulator.head_end.compose import compose_request
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.simulator.head_end.job_phrases import Wanted, requests_of
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.site.images import site_image
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Step

SCHEMA_VERSION = "5.4"
_SUPPLIER = PARTIES[Role.SUPPLIER]


@dataclass(frozen=True, slots=True)
class ComposedCommand:
    """One Local Command as it goes into the pack."""

    file: str
    title: str
    request_id: RequestId
    raw: bytes
    xml: bytes
    after: tuple[str, ...]


def compose_job(site: Site, now: datetime) -> tuple[ComposedCommand, ...]:
    """Compose the Commands of the site's job, in the order in which they are to be delivered."""
    composed: list[ComposedCommand] = []
    added: dict[str, str] = {}
    for step, wanted in _wanted(site, now):
        waits = {added[label] for label in (wanted.target, *wanted.others) if label in added}
        if wanted.follows:
            waits.add(composed[-1].file)
        command = _compose(wanted, len(composed), tuple(sorted(waits)), site, now)
        composed.append(command)
        if step.action == "add":
            added[step.labels[0]] = command.file
    return tuple(composed)


def write_job(site: Site, now: datetime) -> None:
    """Write the job pack of the site: job.json and one XML file a Command."""
    commands = compose_job(site, now)
    site.job_dir.mkdir(exist_ok=True)
    for command in commands:
        (site.job_dir / command.file).write_bytes(command.xml)
    _copy_certificates(site)
    text = json.dumps(_job(site, commands), indent=1, ensure_ascii=False)
    (site.job_dir / "job.json").write_text(text + "\n", encoding="utf-8")


def commands_of(site: Site, steps: Collection[Step]) -> tuple[bytes, ...]:
    """Return the Commands of these steps of the job, as the pack has them."""
    packed = sorted(site.job_dir.glob("*.xml"), key=lambda path: int(path.name.partition("-")[0]))
    wanted = _wanted(site, site.started)
    paths = [path for path, (step, _) in zip(packed, wanted, strict=True) if step in steps]
    return tuple(read_local_command(path.read_bytes(), path.name).raw for path in paths)


def local_command_response(
    request_id: RequestId, service_reference: str, variant: str, raw: bytes, now: datetime
) -> bytes:
    """Build the DUIS Response that returns one Command for local delivery, as compact XML."""
    elements = (
        _element("RequestID", str(request_id)),
        _element("ResponseCode", "I0"),
        _element("ResponseDateTime", now.strftime("%Y-%m-%dT%H:%M:%S.00Z")),
    )
    payload = _element("GBCSPayload", base64.b64encode(raw).decode("ascii"))
    message = (
        _element("ServiceReference", service_reference),
        _element("ServiceReferenceVariant", variant),
        _element("LocalCommand", payload),
    )
    body = _element("Body", _element("ResponseMessage", *message))
    content = _element("Header", *elements) + body
    root = f'<sr:Response xmlns:sr="{NAMESPACE}" schemaVersion="{SCHEMA_VERSION}">'
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{declaration}{TRAINING_MARK}{root}{content}</sr:Response>".encode()


def _wanted(site: Site, now: datetime) -> list[tuple[Step, Wanted]]:
    """List every Service Request of the job, in order, each with its step."""
    steps = site.spec.job.steps
    return [(step, wanted) for step in steps for wanted in requests_of(step, site, now)]


def _compose(
    wanted: Wanted, position: int, after: tuple[str, ...], site: Site, now: datetime
) -> ComposedCommand:
    counter = int(now.timestamp() * 1000) + position
    request_id = RequestId(_SUPPLIER, site.named(wanted.target)[1], counter)
    request = ServiceRequest.build(request_id, wanted.variant, wanted.name, wanted.body)
    raw = compose_request(request, site.keys, _inventory(site), now)
    reference = ".".join(wanted.variant.split(".")[:2])
    return ComposedCommand(
        file=f"{position + 1:02d}-{_slug(wanted, read_headers(raw).message_code)}.xml",
        title=wanted.title,
        request_id=request_id,
        raw=raw,
        xml=local_command_response(request_id, reference, wanted.variant, raw, now),
        after=after,
    )


def _inventory(site: Site) -> Inventory:
    hub = site.spec.hub
    types = {device.entity_id: device.type for device in site.devices}
    return Inventory(
        types={**types, hub.chf: DeviceType.CHF, hub.gpf: DeviceType.GPF},
        type_2={d.entity_id: d.spec.type for d in site.devices if d.type is DeviceType.TYPE_2},
        certificate=site.agreement_certificate,
        mask_object=load_profile(site.spec.profile).channel_mask_object,
    )


def _slug(wanted: Wanted, code: int) -> str:
    """Name the file by use case and labels: "ccs01-esme"."""
    use_case = rules()[code].name.partition("/")[0].replace(" ", "-")
    target = () if wanted.target == "CHF" else (wanted.target,)
    return "-".join((use_case, *target, *wanted.others)).lower()


def _job(site: Site, commands: tuple[ComposedCommand, ...]) -> dict[str, object]:
    job, hub = site.spec.job, site.spec.hub
    return {
        "format": "hht-job/2" if job.answers is not None else "hht-job/1",
        "mode": "training",
        "reference": job.reference,
        "title": job.title,
        "premises": job.premises,
        "profile": site.spec.profile,
        "keys": "keys",
        "hub": {"gpf": str(hub.gpf), "chf": str(hub.chf), **_variant(site)},
        "devices": [
            {"type": d.spec.type, "entity_id": str(d.entity_id), "label": d.spec.label}
            | ({"joined": True} if d.spec.joined else {})
            | ({"band": d.spec.band} if d.spec.band else {})
            for d in site.devices
        ],
        "commands": [{"file": c.file, "title": c.title, "after": list(c.after)} for c in commands],
        **_visit(site),
        **_plan(site),
        **_images(site),
    }


def _variant(site: Site) -> dict[str, str]:
    wanted = site.spec.job.wan_variant
    return {"wan_variant": wanted} if wanted else {}


def _plan(site: Site) -> dict[str, object]:
    channels = site.spec.job.channel_plan
    note = "The building's shared HAN uses these."
    return {"channel_plan": {"channels": list(channels), "note": note}} if channels else {}


def _images(site: Site) -> dict[str, object]:
    """List what the DCC has sent to the hub, as the supplier knows it."""
    sent = [
        {
            "device": str(site.named(image.device)[1]),
            "sha256": site_image(site, image).sha256.hex(),
            "verified": image.held,
        }
        for image in site.spec.images
    ]
    return {"images": sent} if sent else {}


def _visit(site: Site) -> dict[str, object]:
    answers = site.spec.job.answers
    if answers is None:
        return {}
    return {"visit": {"originator": str(_SUPPLIER), "answers": dict(answers)}}


def _copy_certificates(site: Site) -> None:
    """Copy the certificates, without private keys, with which the handheld checks signatures."""
    folder = site.job_dir / "keys"
    folder.mkdir(exist_ok=True)
    hub = site.spec.hub
    known = {*PARTIES.values(), hub.chf, hub.gpf, *(d.entity_id for d in site.devices)}
    for certificate in site.keys_dir.glob("*.pem"):
        if certificate.name[:16] in {entity.hex() for entity in known}:
            shutil.copy(certificate, folder)


def _element(name: str, *content: str) -> str:
    """Write a DUIS element; its content is markup made here or text without any."""
    return f"<sr:{name}>{''.join(content)}</sr:{name}>"
