"""The owner has asked to be called, and hears a prompt as callers do.

played: the prompt, and the end of the call
"""

from ivr.backoffice.prompt_calls import service as prompt_calls
from ivr.backoffice.prompt_calls.models import PromptCall
from ivr.platform.voice import Flow, Reply, Turn, _, hang_up

flow: Flow[PromptCall] = Flow(
    "prompt_call", subject=lambda turn: prompt_calls.find_call(turn.ids.get("prompt_call", 0), turn.call_sid)
)


@flow.step
def played(turn: Turn[PromptCall]) -> Reply:
    """Say a sentence before the prompt: while it is heard the telephone is still on its way to the ear."""
    prompt_calls.picked_up(turn.subject)
    return hang_up(turn, _("Here is your prompt."), prompt_calls.words(turn.subject))


@flow.fallback
def over(turn: Turn[PromptCall]) -> Reply:
    return hang_up(turn, _("Goodbye."))
