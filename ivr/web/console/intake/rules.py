"""What is already known for a field that is still empty, and where it comes from. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ivr.callcenter.intake import rules as intake_rules
from ivr.core.phone_numbers import shown_number

#: What people keep from one matter to the next.
_STAYS: Final = ("contact_name", "contact_number", "contact_email", "site_address", "system_number")
_CALL: Final = "call"
_LONGEST: Final = 80


@dataclass(frozen=True)
class Known:
    """A known value that a person may take over. ``use`` names it in a form, ``typed`` is what it fills in."""

    use: str
    field: str
    words: str
    typed: str


def known(intake: Any, earlier: Sequence[Any]) -> Mapping[str, Sequence[Known]]:
    """Return, by empty field, what the call has told, then what the latest earlier matter has.

    Only the latest matter that has anything is used: an office shares one number, and two people must not be mixed.
    """
    found: dict[str, list[Known]] = {}
    for one in (*_of_call(intake), *_of_matter(earlier)):
        is_told = any(one.typed == other.typed for other in found.get(one.field, ()))
        if not getattr(intake, one.field) and not is_told:
            found.setdefault(one.field, []).append(one)
    return found


def _of_call(intake: Any) -> Iterator[Known]:
    number = shown_number(intake_rules.field(intake, "callback_number") or intake.caller_number)
    if number:
        yield _known("contact_number", _CALL, f"Use {number}", number)
    if intake.issue:
        yield _known("detailed_issue", _CALL, "Use the caller's words", intake.issue)
    elif intake.transcript:
        yield _known(
            "detailed_issue", _CALL, "Use the caller's words, as a machine heard them", intake.transcript
        )


def _of_matter(earlier: Sequence[Any]) -> Iterator[Known]:
    matter = next((one for one in earlier if any(getattr(one, name) for name in _STAYS)), None)
    if matter is None:
        return
    for name in _STAYS:
        value = intake_rules.field(matter, name)
        if value:
            typed = shown_number(value) if name.endswith("_number") else value
            yield _known(name, matter.reference, f"Same as {_whose(matter, name)}: {_short(typed)}", typed)


def _known(field: str, source: str, words: str, typed: str) -> Known:
    return Known(f"{field}:{source}", field, words, typed)


def _whose(matter: Any, name: str) -> str:
    """Return the reference, and the person of that matter unless their name is what is taken over."""
    person = matter.contact_name if name != "contact_name" else None
    return f"{matter.reference}, {_short(person)}" if person else str(matter.reference)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
