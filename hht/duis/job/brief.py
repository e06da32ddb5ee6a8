"""What a job pack of format 2 says of the premises beside its Local Commands.

The site, the hub's variants, the answer to SR 12.1, the building's channel plan and notes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from hht.duis.firmware_warning import left_out_of, read_firmware_warning
from hht.duis.job.pack_schema import known_names
from hht.duis.job.words import CHANNELS, HAN_VARIANTS, UPRN_DIGITS, WITH_VISIT
from hht.duis.job_json import JobObject, one_line, refuse
from hht.duis.wan_matrix import WanMatrix, read_wan_matrix
from hht.files import decode_text
from hht.mpxn import check_digits_fit, mpxn_kind

_SHA256 = re.compile("[0-9a-f]{64}")
_AGAIN = "Correct the pack, or ask for it again."


@dataclass(frozen=True, slots=True)
class SentImage:
    """A firmware image that the DCC has sent to the hub for a Device: its SHA-256 in hexadecimal.

    `verified` says that the supplier has heard its Device verify it (8F72).
    """

    device: str
    sha256: str
    verified: bool


@dataclass(frozen=True, slots=True)
class JobBrief:
    """What is known of the premises; empty where the pack does not say.

    `coverage` is the DCC's answer to SR 12.1 as it came, `wan_variant` the hub's that is to be
    fitted, in the words of that answer. `left_out` are Devices to which the DCC sends no firmware
    image, each with the code of its warning and a word for the reason (firmware_warning.REASONS).
    `images` are those that the DCC has sent to the hub.
    """

    mpxns: tuple[str, ...] = ()
    uprn: str = ""
    wan_variant: str = ""
    han_variant: str = ""
    coverage: str = field(default="", repr=False)
    channels: tuple[int, ...] = ()
    channel_note: str = ""
    notes: str = ""
    not_after: datetime | None = None
    left_out: tuple[tuple[str, str, str], ...] = ()
    images: tuple[SentImage, ...] = ()

    @property
    def wan_matrix(self) -> WanMatrix | None:
        """The coverage, region by region; None where the pack has no answer."""
        return read_wan_matrix(self.coverage.encode(), "coverage") if self.coverage else None

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values; `from_json` reads them back."""
        moment = self.not_after.isoformat() if self.not_after else None
        names = self.__dataclass_fields__
        row = {name: getattr(self, name) for name in names} | {"not_after": moment}
        return row | {"images": [asdict(each) for each in self.images]}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "JobBrief":
        """Read what `to_json` gave."""
        moment = row["not_after"]
        lists = {name: tuple(row[name]) for name in ("mpxns", "channels")}
        ends = datetime.fromisoformat(moment) if moment else None
        left_out = tuple(tuple(each) for each in row.get("left_out", ()))
        images = tuple(SentImage(**each) for each in row.get("images", ()))
        lists |= {"left_out": left_out, "images": images}
        return cls(**{**row, **lists, "not_after": ends})


def read_brief(job: JobObject, files: Mapping[str, bytes]) -> JobBrief:
    """Read what the pack says of the premises; PackRefused names the line of what cannot be."""
    site = job.entry("site") if "site" in job.fields else JobObject({}, job.where)
    hub = job.entry("hub") if "hub" in job.fields else JobObject({}, job.where)
    plan = job.entry("channel_plan") if "channel_plan" in job.fields else JobObject({}, job.where)
    return JobBrief(
        mpxns=_mpxns(site),
        uprn=_uprn(site),
        wan_variant=hub.text("wan_variant", ""),
        han_variant=hub.choice("han_variant", HAN_VARIANTS),
        coverage=_coverage(job, files),
        channels=_channels(plan),
        channel_note=plan.line("note", ""),
        notes=one_line(job.text("notes", "")),
        not_after=_not_after(job),
        left_out=_left_out(job, files),
        images=tuple(map(_image, job.entries("images"))),
    )


def doubts_of(job: JobObject) -> Iterator[str]:
    """Say what was left out, and which check digit fails: official examples fail it, too."""
    for where, what in unknown_names(job):
        yield f"{where}: {what}"
    for number in job.entry("site").names("mpxn", also_text=True) if "site" in job.fields else ():
        if not check_digits_fit(number):
            yield f"{job.entry('site').at('mpxn')}: the check digit of {number} fails; compare it"


def unknown_names(job: JobObject) -> Iterator[tuple[str, str]]:
    """Yield where there is a name that no pack has, and which: what it says is left out.

    Format 1 had others, and none is looked for there.
    """
    if job.text("format", "") != WITH_VISIT:
        return
    for name, known in known_names():
        place = f"{name}: " if name else ""
        for table in _tables(job, name):
            for unknown in sorted(table.fields.keys() - known):
                yield table.at(unknown), f"{place}{one_line(unknown)[:40]!r} is unknown"


def _tables(job: JobObject, name: str) -> list[JobObject]:
    if not name:
        return [job]
    if name not in job.fields:
        return []
    return job.entries(name) if isinstance(job.fields[name], list) else [job.entry(name)]


def _mpxns(site: JobObject) -> tuple[str, ...]:
    numbers = site.names("mpxn", also_text=True)
    for number in numbers:
        if mpxn_kind(number) is None:
            what = f"'mpxn' {number[:20]!r} is no MPAN of 13 digits and no MPRN of 6 to 10"
            refuse(what, site.at("mpxn"), _AGAIN)
    return tuple(numbers)


def _uprn(site: JobObject) -> str:
    """Return a number, or its digits as text."""
    given = site.fields.get("uprn", "")
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(text, str) or (text and not _is_uprn(text)):
        refuse("'uprn' is no number of 1 to 12 digits", site.at("uprn"), _AGAIN)
    return text


def _is_uprn(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= UPRN_DIGITS and int(text) > 0


def _coverage(job: JobObject, files: Mapping[str, bytes]) -> str:
    """Return the text of the file that has the DCC's answer to SR 12.1, read once to see that it
    is."""
    name = job.text("coverage", "")
    if not name:
        return ""
    if name not in files:
        refuse(f"The pack does not hold {name[:60]!r}", job.at("coverage"), _AGAIN)
    try:
        text = decode_text(files[name])
    except UnicodeDecodeError:
        refuse(f"{name[:60]!r} is no text", job.at("coverage"), _AGAIN)
    read_wan_matrix(text.encode(), name)
    return text


def _left_out(job: JobObject, files: Mapping[str, bytes]) -> tuple[tuple[str, str, str], ...]:
    """Read the DCC's warnings about firmware that the pack lists."""
    found: list[tuple[str, str, str]] = []
    for name in job.names("firmware_warnings"):
        if name not in files:
            refuse(f"The pack does not hold {name[:60]!r}", job.at("firmware_warnings"), _AGAIN)
        found += left_out_of(read_firmware_warning(files[name], name))
    return tuple(dict.fromkeys(found))


def _image(entry: JobObject) -> SentImage:
    sha256 = entry.text("sha256").lower()
    if not _SHA256.fullmatch(sha256):
        refuse("'sha256' is not 64 hexadecimal digits", entry.at("sha256"), _AGAIN)
    return SentImage(str(entry.entity_id("device")), sha256, entry.boolean("verified"))


def _channels(plan: JobObject) -> tuple[int, ...]:
    channels = plan.fields.get("channels", [])
    if not isinstance(channels, list) or not all(map(_is_channel, channels)):
        refuse("'channels' is no list of channels from 11 to 26", plan.at("channels"), _AGAIN)
    return tuple(channels)


def _is_channel(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in CHANNELS


def _not_after(job: JobObject) -> datetime | None:
    """Return a moment with its zone; a day alone is valid to its end."""
    given = job.fields.get("not_after")
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        refuse("'not_after' is no moment such as 2026-12-31T12:00:00Z", job.at("not_after"), _AGAIN)
    if len(str(given)) == len("2026-12-31"):
        moment = moment.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    if moment.tzinfo is None:
        refuse("'not_after' has no zone", job.at("not_after"), "End it with Z or +01:00.")
    return moment
