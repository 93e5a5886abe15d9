"""How long each prompt takes to hear: by the rates that the flows count with, or by a synthesiser.

What a prompt names is put in at its usual length: a number, a time, a company. Not so the caller's own words, which
take as long as the caller took.
"""

import ast
import re
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows import SCRIPT, phrases
from ivr.core.translations import catalogue
from ivr.platform.voice import pace

#: espeak-ng's ordinary rate.
WORDS_A_MINUTE: Final = 175
MENU_SECONDS: Final = 12
BRIEF_SECONDS: Final = 6
LANGUAGES: Final = ("en", "es")
#: The voices of espeak-ng for them.
VOICES: Final = {"en": "en-us", "es": "es-419"}

_REFERENCE: Final = phrases.spoken_reference("KX7G4Y")
_NUMBER: Final = "4 1 5, 5 5 5, 2 6 7 1"
#: What the values of a prompt usually are. Of a time: the longest that is usual.
USUAL: Final = {
    "en": {
        "at": "today at 3:30 p.m. Pacific",
        "before": "25",
        "company": "Onsite Support",
        "count": "9",
        "dollars": "350",
        "extension": "1 2",
        "first": "tomorrow",
        "hours": "2",
        "issue": "",
        "minutes": "10",
        "name": "Olive",
        "number": _NUMBER,
        "place": "2",
        "reference": _REFERENCE,
        "second": "Wednesday",
        "seconds": "12",
        "when": "Wednesday, November 25th, at 7 a.m. Pacific",
    },
}
USUAL["es"] = USUAL["en"] | {
    "at": "hoy a las 3:30 de la tarde, hora del Pacífico",
    "first": "mañana",
    "second": "el miércoles",
    "when": "el miércoles 25 de noviembre a las 7 de la mañana, hora del Pacífico",
}
#: What the first sentence to whoever is called is made of, where it is made of several. The caller's words follow.
BRIEFS: Final = tuple(
    (lead, kind, "%(number)s.")
    for lead in ("Emergency.", "Callback.", "From %(name)s.")
    for kind in ("Onsite.", "Remote.", "A caller.")
)
#: Flows that call people, and the functions in them that begin the call with one sentence.
OPENINGS: Final = {
    "alarm": ("_lines", "_what"),
    "callback": ("answered", "_lines"),
    "paid_time": ("technician", "_for_customer"),
    "screening": ("lines",),
}
_KEYS: Final = re.compile(r"\b(?:press|star|pound|oprima)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What is said in one go by one function of a flow: the translated pieces, in both languages by their message."""

    flow: str
    function: str
    messages: tuple[str, ...]

    def words(self, language: str) -> str:
        """Return it as it is heard, with the usual values."""
        gettext = catalogue(SCRIPT.locale, language).gettext
        return " ".join(_filled(gettext(one), language) for one in self.messages)


def prompts() -> list[Said]:
    """Return every prompt of the flows by itself, in the order of the files."""
    return [Said(flow, function, (one,)) for flow, function, said in _functions() for one in said]


def menus() -> list[Said]:
    """Return what asks for keys: all such sentences of one function together, for they are said in one go."""
    found = []
    for flow, function, said in _functions():
        asking = tuple(one for one in said if _KEYS.search(one))
        if asking:
            found.append(Said(flow, function, asking))
    return found


def briefs() -> list[Said]:
    """Return what whoever is called hears first."""
    made = [Said("screening", "offered", pieces) for pieces in BRIEFS]
    opening = [one for one in prompts() if one.function in OPENINGS.get(one.flow, ())]
    return [*made, *(one for one in opening if not _KEYS.search(one.messages[0]))]


def by_words(words: str) -> float:
    """Return the seconds that these words take at the rates of the flows."""
    return pace.takes(words)


def by_voice(words: str, language: str) -> float:
    """Return the seconds that espeak-ng takes for these words. Raises FileNotFoundError where it is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(  # noqa: S603  # our own words, as one argument
            ["espeak-ng", "-v", VOICES[language], "-s", str(WORDS_A_MINUTE), "-w", str(file), "--", words],  # noqa: S607
            check=True,
            capture_output=True,
        )
        with wave.open(str(file)) as sound:
            return float(sound.getnframes() / sound.getframerate())


def _filled(words: str, language: str) -> str:
    return words % USUAL[language] if "%(" in words else words


def _functions() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each function of the flows that speaks: the flow's file, its name, and what it gives to ``_()``."""
    for file in sorted(Path(str(phrases.__file__)).parent.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            named = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "_"]
            said = [one.args[0].value for one in named if isinstance(one.args[0], ast.Constant)]
            if said:
                yield file.stem, node.name, [str(one) for one in said]
