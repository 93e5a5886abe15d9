"""The service's prompts, and recordings that replace their spoken words."""

from collections.abc import Mapping
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.policy.field_types import LANGUAGES
from ivr.company.prompts import rules as prompts_rules
from ivr.company.prompts import script
from ivr.company.prompts import service as prompts
from ivr.company.prompts.models import PromptRecording
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import shown
from ivr.web.once import once

#: A little more than the largest sound, so that one too large is refused beside its field.
_LARGEST_FORM: Final = 2 * prompts_rules.LARGEST


@blueprint.before_app_request
def let_sounds_in() -> None:
    """Allows larger bodies for recordings. The body is read only once the sender is known to be logged in."""
    if request.endpoint == "console.upload_prompt":
        request.max_content_length = _LARGEST_FORM


@blueprint.get("/settings/prompts", endpoint="prompts")
def prompts_page() -> str:
    """Shows every prompt, in the order in which people hear them."""
    return _page({})


@blueprint.post("/settings/prompts/<key>/<language>")
def upload_prompt(key: str, language: str) -> Response | tuple[str, int]:
    """Uploads or replaces a prompt's recording."""
    prompt = script.by_key(services().script).get(key)
    if prompt is None or language not in LANGUAGES:
        abort(404)
    sent = request.files.get("sound")
    try:
        with once():
            prompts.upload(prompt, language, sent.read() if sent else b"", current_user)
    except Refusal as refused:
        return _page({f"{key}-{language}": refused.shown}), 422
    flash(f"Uploaded. Callers hear it from now on: {prompt.words(language)}")
    return redirect(url_for("console.prompts", _anchor=f"p-{key}"), 303)


@blueprint.post("/settings/prompts/recordings/<int:recording_id>/remove")
def remove_prompt(recording_id: int) -> Response:
    """Removes a recording: the words are spoken again."""
    with once():
        recording = session.get(PromptRecording, recording_id) if recording_id < 2**31 else None
        if recording is None:
            abort(404)
        prompts.remove(recording, current_user)
    flash("Removed. The words are spoken again.")
    return redirect(url_for("console.prompts"), 303)


def _page(errors: Mapping[str, str]) -> str:
    with services().database.reading():
        standing = {(one.prompt, one.language): one for one in prompts.in_force()}
    known = {prompt.id for prompt in script.by_key(services().script).values()}
    return shown(
        "prompts.html",
        title="Prompts",
        parts=script.parts(services().script),
        languages=LANGUAGES,
        standing=standing,
        left_over=[one for one in standing.values() if one.prompt not in known],
        holds=prompts.holds,
        address=prompts.address,
        errors=errors,
    )
