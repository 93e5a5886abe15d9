"""The script of the service: what people hear. ``FLOWS`` is the one list of its flows.

The application, the worker, the owner's page of prompts and the call map read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from flows import (
    after_hours,
    alarm,
    apologies,
    arrival,
    briefing,
    callback,
    closing,
    front_door,
    intake,
    on_and_off,
    paid_time,
    phrases,
    prompt_call,
    rescue,
    robots,
    screening,
    star_menu,
    waiting,
)
from ivr.platform.voice import Flow, Step
from ivr.platform.voice.script import Chapter, Script

_FOLDER: Final = Path(__file__).parent
SOUNDS: Final = _FOLDER / "sounds"


@dataclass(frozen=True)
class Listed:
    """A module with a flow, and the flow's title for the owner.

    ``entry_points`` are the steps that jobs send legs to, by the name that jobs have for them. ``longest`` is how many
    seconds the owner's own words for one prompt may last.
    """

    module: ModuleType
    title: str
    entry_points: Mapping[str, Step[Any]] = field(default_factory=dict)
    longest: int = 12

    @property
    def flow(self) -> Flow[Any]:
        flow: Flow[Any] = self.module.flow
        return flow


#: In the order in which people meet them.
FLOWS: Final = (
    Listed(arrival, "A call arrives"),
    Listed(front_door, "The caller is welcomed"),
    Listed(robots, "Robots and blocked numbers"),
    Listed(after_hours, "The line is closed"),
    Listed(intake, "The caller's number and issue"),
    Listed(waiting, "In line", {"joined": waiting.joined}),
    Listed(screening, "A technician is called", {"screening": screening.brief}, longest=6),
    Listed(
        star_menu,
        "The technician's keys",
        {
            "ringing": star_menu.ringing,
            "consultation": star_menu.consultation,
            "nobody_took_it": star_menu.nobody_took_it,
            "caller_gone": star_menu.caller_gone,
            "back": star_menu.brought_back,
            "ring_back": star_menu.ring_back,
        },
    ),
    Listed(briefing, "An operator is called", {"briefing": briefing.brief}, longest=6),
    Listed(
        rescue,
        "Nobody came, or somebody dropped",
        {"staff_left": rescue.staff_left, "nobody_came": rescue.nobody_came},
    ),
    Listed(callback, "We call back", {"rung_back": callback.answered}),
    Listed(closing, "The owner calls"),
    Listed(on_and_off, "Staff set when they get calls"),
    Listed(alarm, "An alarm calls", {"alarm": alarm.brief}),
    Listed(
        paid_time,
        "Time on site ends",
        {"paid_time": paid_time.technician, "more_time": paid_time.customer},
    ),
    Listed(prompt_call, "The owner hears a prompt", {"prompt_call": prompt_call.played}),
)

#: For the code below the flows.
SCRIPT: Final = Script(
    chapters=(
        *(Chapter(one.flow.name, one.title, Path(str(one.module.__file__)), one.longest) for one in FLOWS),
        Chapter("phrases", "Said in several places", Path(phrases.__file__)),
    ),
    locale=_FOLDER / "locale",
    apology=apologies.apology,
    refusal=apologies.refusal,
    card_heard=phrases.card_heard,
)
