"""What heads a job pack: its format and mode, its hub profile, the Devices, the visit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hht.duis.job.device import JobDevice
from hht.duis.job.words import BANDS, FORMATS, MODES, WITH_VISIT
from hht.duis.job_json import JobObject, refuse
from hht.duis.visit_questions import Answer, check_answers
from hht.entity_id import EntityId
from hht.hub_profile import profile_fault, profile_names
from hht.zse.install_code import InstallCodeError
from hht.zse.install_code import parse as parse_install_code


@dataclass(frozen=True, slots=True)
class PackVisit:
    """What the job knows of the visit: answers by question, and the supplier that reports."""

    answers: Mapping[str, Answer] = field(repr=False)
    originator: EntityId | None = None


def check_head(job: JobObject) -> None:
    """Refuse a pack of an unknown format or mode, for an unknown profile, or without its names."""
    if job.text("format") not in FORMATS:
        refuse(
            f"The format is none of {', '.join(FORMATS)}", job.at("format"), "Ask for one of those."
        )
    if job.text("mode") not in MODES:
        refuse("The mode is neither training nor live", job.at("mode"), "Ask for the pack again.")
    job.line("reference")
    job.line("title")
    premises_of(job)
    profile_of(job)
    visit_of(job)


def premises_of(job: JobObject) -> str:
    """Return the address: of the site in format 2, by itself in format 1."""
    address = job.entry("site").line("address", "") if "site" in job.fields else ""
    premises = job.line("premises", "")  # read in any case: what cannot be is refused
    return address or premises


def visit_of(job: JobObject) -> PackVisit | None:
    """Return what the pack says of the visit; in format 2 there is always one."""
    if "visit" not in job.fields:
        return PackVisit({}) if job.text("format") == WITH_VISIT else None
    visit = job.entry("visit")
    visit.text("mpxn", "")  # only checked, and so refused where it is no text
    answers = visit.fields.get("answers", {})
    if not isinstance(answers, dict):
        refuse("'answers' is no object", visit.at("answers"), "Ask for the pack again.")
    try:
        checked = check_answers(answers)
    except ValueError as error:
        name = str(error).partition(":")[0]
        refuse(f"visit: {error}", visit.entry("answers").at(name), "Ask for the pack again.")
    originator = visit.entity_id("originator") if "originator" in visit.fields else None
    return PackVisit(checked, originator)


def profile_of(job: JobObject) -> str:
    """Return the hub profile the job is for; empty for the one that is used by default."""
    name = job.text("profile", "")
    if name and (fault := profile_fault(name)):
        known = ", ".join(profile_names())
        refuse(fault, job.at("profile"), f"Ask for a pack for one of {known}.")
    return name


def device_of(entry: JobObject) -> JobDevice:
    return JobDevice(
        entry.line("type"),
        entry.entity_id("entity_id"),
        entry.line("label", ""),
        install_code_of(entry),
        entry.choice("band", BANDS),
        entry.boolean("joined"),
    )


def install_code_of(entry: JobObject) -> bytes | None:
    """Return the Install Code of a Device, without its check bytes.

    Refused where those do not fit.
    """
    text = entry.text("install_code", "")
    try:
        return parse_install_code(text).code if text.strip() else None
    except InstallCodeError as error:
        refuse(error.what, entry.at("install_code"), "Compare it with the label.")
