"""Write a scenario file from a few answers, with comments at what a trainer may change."""

import json
from dataclasses import dataclass

from hht.errors import InputError
from hht.simulator.hub.faults.kinds import FAULTS
from hht.simulator.hub.milestones import MOMENTS
from hht.training.scenario.spec import OUTCOMES

METERS = {
    "ESME": ("add ESME", "clock ESME"),
    "GSME": ("add GSME", "clock GSME", "join GSME GPF", "read joins GSME"),
    "PPMID": ("add PPMID",),
}
"""The phrases that bring each Device in; what needs two of them is in PAIRS."""
PAIRS = {("ESME", "PPMID"): "join ESME PPMID", ("GSME", "PPMID"): "join GSME PPMID"}
LEVELS = {"noise": -60.0, "drop-frames": 0.2, "late-frames": 0.3, "duplicate-frames": 0.2}
"""A strength for each fault that has one: enough to be felt, not enough to end the visit."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a trainer says of an exercise; `fault` is empty where nothing goes wrong."""

    title: str = "A new exercise"
    devices: tuple[str, ...] = ("ESME", "GSME", "PPMID")
    fault: str = ""
    after: str = "joined"
    seconds: float = 30
    expects: str = "complete"


def scenario_text(answers: Answers) -> str:
    """Return the file; InputError for an answer that no scenario can have."""
    _check(answers)
    devices = map(_device, answers.devices)
    parts = [_top(answers), _job(answers), _HUB, *devices, *_fault(answers), *_expected(answers)]
    return "\n\n".join(parts) + "\n"


def _check(answers: Answers) -> None:
    for word, known in (
        *((device, tuple(METERS)) for device in answers.devices),
        (answers.fault or "none", ("none", *FAULTS)),
        (answers.after, MOMENTS),
        (answers.expects, OUTCOMES),
    ):
        if word not in known:
            raise InputError(f"{word!r} is not one of {', '.join(known)}", remedy="Choose again.")
    if not answers.devices or not answers.title.strip():
        raise InputError("A scenario needs a title and a Device", remedy="Say both.")


def _top(answers: Answers) -> str:
    return f"""# Play it with 'hht train THIS-FILE', check it with 'hht scenario check THIS-FILE'.
# docs/scenarios.md has every setting.

title = {json.dumps(answers.title, ensure_ascii=False)}
expects = "{answers.expects}"  # {", ".join(OUTCOMES)}
par_minutes = 20  # of the trainee's own; more cost points
speed = 1  # seconds of the premises in one of the trainee's
briefing = \"\"\"
Say here what the trainee reads before it begins.
\"\"\"
hints = ["Say here what would have helped, for the debrief."]"""


def _job(answers: Answers) -> str:
    pairs = [words for pair, words in PAIRS.items() if set(pair) <= set(answers.devices)]
    phrases = [phrase for device in answers.devices for phrase in METERS[device]] + pairs
    commands = "".join(f'    "{phrase}",\n' for phrase in sorted(phrases, key=_order))
    return f"""[job]
reference = "JOB-9001"
title = {json.dumps(answers.title, ensure_ascii=False)}
premises = "1 Example Street"
commands = [  # in the order they are to be delivered
{commands}]"""


def _order(phrase: str) -> int:
    return ("add", "clock", "join", "read").index(phrase.split()[0])


_HUB = """[hub]
gpf = "00-DB-00-00-00-90-10-A3"
chf = "00-DB-00-00-00-90-10-A2"
channel = 15
pan_id = 0x9001
rssi = -60  # dBm at the handheld"""


def _device(device: str) -> str:
    number = list(METERS).index(device)
    asleep = "\nwake_minutes = 0  # 30 on most sites: its Responses come that late"
    return f"""[[devices]]
type = "{device}"
label = "{device}"
entity_id = "00-DB-00-00-00-90-20-0{number}\"""" + (asleep if device == "GSME" else "")


def _fault(answers: Answers) -> list[str]:
    if not answers.fault:
        return []
    kind = FAULTS[answers.fault]
    lines = [f'what = "{answers.fault}"', f'after = "{answers.after}"  # {", ".join(MOMENTS)}']
    lines.append(f"seconds = {answers.seconds:g}  # after that moment, of the premises")
    if kind.needs == "level":
        middle = (kind.low + kind.high) / 2
        level = LEVELS.get(answers.fault, middle)
        lines.append(f"level = {level:g}  # {kind.low:g} to {kind.high:g} {kind.unit}".rstrip())
    if kind.needs == "device":
        lines.append(f'device = "{answers.devices[0]}"')
    if kind.lasts:
        lines.append("duration = 60  # seconds; 0 for good")
    return ["\n".join(["[[faults]]", *lines])]


def _expected(answers: Answers) -> list[str]:
    if answers.expects != "failed":
        return []
    lines = ["# [expected]  # which failure ends it; without this any does, once a hub is chosen"]
    return ["\n".join([*lines, '# failure = "HUB-07"'])]
