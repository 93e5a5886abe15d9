"""Turns of phrase that more than one flow uses."""

from ivr.voice import _


def twice(question: str) -> tuple[str, str]:
    """A question, and the same again for whoever was not understood."""
    return question, f"{_('I did not get that.')} {question}"
