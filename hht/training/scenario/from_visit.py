"""Makes a scenario of what went wrong on a visit: its Devices, its Commands, its troubles.

Nothing that names the customer, the premises or a Device is taken over: identifiers, texts and
labels are made up, and of the air only channels and levels remain.
"""

import json
import math
from collections.abc import Iterator

from hht.training.scenario.visit_answers import hub_lines, job_lines, made_up_id, visit_lines
from hht.training.scenario.visit_draft import Draft, Row, Visit, find_phrases, name_devices
from hht.training.scenario.visit_troubles import find_troubles

_MOST_NEIGHBOURS = 6  # each is a hub to simulate; more teach nothing new
_VERSION = "00000002"  # of an image: which one it was is the customer's
_SCAN_SPEED = 300  # a hub may be left alone for 90 minutes to scan its sub-GHz channels
_SHORTEST_PAR = 5  # minutes: reading the briefing takes some of them


def scenario_text(visit: Visit) -> str:
    """Return the file of a scenario; its comments say what it was made from."""
    draft = Draft(visit)
    name_devices(draft)
    find_phrases(draft)
    find_troubles(draft)
    parts = [_top(draft), _job(draft), _hub(draft), *_devices(draft), *_neighbours(draft)]
    parts += _images(draft)
    parts += ["\n".join(["[[faults]]", *lines]) for lines in draft.faults]
    parts += [f"[{name}]\n" + "\n".join(lines) for name, lines in _tables(draft) if lines]
    return "\n\n".join(parts) + "\n"


def _tables(draft: Draft) -> tuple[tuple[str, list[str]], ...]:
    expected = [*draft.expected, *_reported(draft)]
    return ("visit", visit_lines(draft)), ("expected", expected), ("score", draft.score)


def _reported(draft: Draft) -> list[str]:
    """Return the status update that the visit ended with; none where none was made."""
    ready = [row["service"] for row in draft.visit.events if row["event"] == "report_ready"]
    return [f"report = {json.dumps(ready[-1])}"] if ready else []


def _top(draft: Draft) -> str:
    lines = dict.fromkeys(draft.troubles or ["nothing that its journal tells of"])
    troubles = "".join(f"#   {words}\n" for words in lines)
    left = "".join(f"# Left out, for no phrase says it: {each}.\n" for each in draft.left_out)
    has_mask = any(phrase.split()[1] == "mask" for phrase in draft.phrases)
    draft_line = "\nis_draft = true  # no hub has a mask yet" if has_mask else ""
    par = max(_SHORTEST_PAR, math.ceil(draft.visit.minutes))
    return f"""# Made from a visit; what went wrong on it, in minutes and seconds:
{troubles}{left}# All names and numbers are made up. Play it: 'hht scenario check THIS-FILE --try'.

title = "As it was on a visit"
expects = "{draft.visit.outcome}"{draft_line}
par_minutes = {par}  # as long as the visit took
auto_speed = {_SCAN_SPEED if "scan channels" in draft.phrases else 30}
briefing = \"\"\"
Say here what the trainee reads before it begins.
\"\"\"
hints = ["Say here what would have helped, for the debrief."]"""


def _job(draft: Draft) -> str:
    commands = "".join(f"    {json.dumps(each)},\n" for each in draft.phrases)
    lines = [
        "[job]",
        'reference = "JOB-9101"',
        'title = "As on a visit"',
        'premises = "1 Example Street"',
        *job_lines(draft),
        *([f"commands = [\n{commands}]"] if commands else []),
    ]
    return "\n".join(lines)


def _hub(draft: Draft) -> str:
    heard = [row for row in draft.visit.events if row["event"] == "hub_found"]
    ours = next((row for row in heard if row["is_jobs_hub"]), {})
    lines = [
        "[hub]",
        'gpf = "00-DB-00-00-00-91-10-A3"',
        'chf = "00-DB-00-00-00-91-10-A2"',
        *_place(ours, 0x9101),
        *hub_lines(draft),
        *draft.hub,
    ]
    return "\n".join(lines)


def _place(row: Row, pan_id: int) -> list[str]:
    """Return the radio's side of a hub, as it was heard; the PAN ID is made up."""
    channel = min(26, max(11, int(row.get("channel", 15))))
    lqi = min(255, max(0, int(row.get("lqi", 200))))
    rssi = min(0, max(-110, int(row.get("rssi", -60))))
    return [f"channel = {channel}", f"pan_id = {pan_id}", f"lqi = {lqi}", f"rssi = {rssi}"]


def _devices(draft: Draft) -> Iterator[str]:
    joined = {each.entity_id for each in draft.visit.job.devices if each.joined}
    added = {phrase.split()[1] for phrase in draft.phrases if phrase.startswith("add ")}
    for number, (entity, (label, kind)) in enumerate(draft.labels.items()):
        lines = [
            "[[devices]]",
            f'type = "{kind}"',
            f'label = "{label}"',
            f'entity_id = "{made_up_id(number)}"',
        ]
        if entity in joined or label not in added:
            lines.append("joined = true")
            if partners := _partners(draft, label):
                lines.append(f"works_with = {json.dumps(partners)}")
        if str(entity) in draft.wrong_codes:
            lines.append("install_code_wrong = true")
        yield "\n".join(lines)


def _partners(draft: Draft, label: str) -> list[str]:
    """Return those that a Device worked with before the visit: it was parted from them on it."""
    pairs = [phrase.split()[1:] for phrase in draft.phrases if phrase.startswith("unjoin ")]
    return sorted({other for pair in pairs if label in pair for other in pair if other != label})


def _images(draft: Draft) -> Iterator[str]:
    """Yield an image for each Activate Firmware; the Device holds it when the trainee comes."""
    activated = dict.fromkeys(
        phrase.split()[-1] for phrase in draft.phrases if phrase.startswith("activate ")
    )
    for label in activated:
        lines = ["[[images]]", f'device = "{label}"', f'version = "{_VERSION}"', "held = true"]
        if label in draft.refused_images:
            lines.append('wrong = "hash"  # the Device refused to run it')
        yield "\n".join(lines)


def _neighbours(draft: Draft) -> Iterator[str]:
    seen: dict[str, Row] = {}
    for row in draft.visit.events:
        if row["event"] == "hub_found" and not row["is_jobs_hub"]:
            seen.setdefault(str(row["gpf"]), row)
    for number, row in enumerate(list(seen.values())[:_MOST_NEIGHBOURS]):
        gpf = f'gpf = "00-DB-00-00-00-91-3{number}-A3"'
        yield "\n".join(["[[neighbours]]", gpf, *_place(row, 0x9110 + number)])
