"""The service's prompts: the owner's own words for them, and recordings in their place."""

import unicodedata
from collections.abc import Mapping
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.prompt_calls import service as prompt_calls
from ivr.backoffice.prompt_calls.rules import OPEN, PlayState
from ivr.company.policy import service as policy
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.prompts import examples, own_words, script
from ivr.company.prompts import rules as prompts_rules
from ivr.company.prompts import service as prompts
from ivr.company.prompts.models import PromptRecording, PromptWords
from ivr.company.prompts.script import Part, Prompt
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import shown_number
from ivr.platform.voice import pace
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import shown
from ivr.web.once import once

#: A little more than the largest sound, so that one too large is refused beside its field.
_LARGEST_FORM: Final = 2 * prompts_rules.LARGEST
_LONGEST_SEARCH: Final = 100
#: How the last call that played the prompt stands, with the number called.
_CALL: Final[Mapping[PlayState, str]] = {
    PlayState.CALLING: "Calling {}\N{HORIZONTAL ELLIPSIS}",
    PlayState.PLAYING: "{} answered. The prompt is playing.",
    PlayState.PLAYED: "{} answered.",
    PlayState.BUSY: "{} was busy.",
    PlayState.NO_ANSWER: "Nobody answered {}.",
    PlayState.FAILED: "The call to {} did not go through. Try again.",
}


@blueprint.before_app_request
def let_sounds_in() -> None:
    """Allow larger bodies for recordings. The body is read only once the sender is known to be logged in."""
    if request.endpoint == "console.upload_prompt":
        request.max_content_length = _LARGEST_FORM


@blueprint.get("/settings/prompts", endpoint="prompts")
def prompts_page() -> str:
    """Show every prompt in the order in which people hear them, or those that have the words of a search."""
    sought = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    known = script.by_id(services().script)
    with services().database.reading():
        words = {key: _in_force(prompt) for key, prompt in script.by_key(services().script).items()}
        recordings = {(one.prompt, one.language): one for one in prompts.in_force()}
        typed = own_words.all_kept()
        changed = {place for place, one in recordings.items() if prompts.says_otherwise(one)}
    parts = [part for one in script.parts(services().script) if (part := _found(one, words, sought)).prompts]
    return shown(
        "prompts.html",
        title="Prompts",
        parts=parts,
        words=words,
        sought=sought,
        languages=LANGUAGES,
        own={(one.prompt, one.language) for one in typed},
        recordings=recordings,
        changed=changed,
        holds=prompts.holds,
        left_over=[one for one in recordings.values() if one.prompt not in known],
        left_words=[one for one in typed if one.prompt not in known],
    )


@blueprint.get("/settings/prompts/<string(length=12):key>", endpoint="prompt")
def prompt_page(key: str) -> str:
    """Show one prompt: where it is heard, its words and its recording in each language."""
    return _page(_known(key))


@blueprint.post("/settings/prompts/<key>/<language>/words")
def set_prompt_words(key: str, language: str) -> Response | tuple[str, int] | str:
    """Save the owner's own words, preview them, or go back to the script's."""
    prompt, does, text = _known(key, language), request.form.get("do"), request.form.get("words", "")
    if does not in {"save", "preview", "original"}:
        abort(400)
    try:
        if does == "preview":
            own_words.look_at(prompt, language, text)
            return _page(prompt, typed={language: text}, previewed=language)
        with once():
            if does == "save":
                is_new = own_words.type_in(prompt, language, text, current_user)
            else:
                is_new = own_words.take_back(prompt, language, current_user)
    except Refusal as refused:
        return _page(prompt, typed={language: text}, errors={f"words-{language}": refused.shown}), 422
    flash("Saved. Callers hear it from now on." if is_new else "Nothing has changed.")
    return redirect(url_for("console.prompt", key=key), 303)


@blueprint.post("/settings/prompts/<key>/<language>")
def upload_prompt(key: str, language: str) -> Response | tuple[str, int]:
    """Upload or replace a prompt's recording."""
    prompt = _known(key, language)
    sent = request.files.get("sound")
    try:
        with once():
            prompts.upload(prompt, language, sent.read() if sent else b"", current_user)
    except Refusal as refused:
        return _page(prompt, errors={f"sound-{language}": refused.shown}), 422
    flash("Uploaded. Callers hear it from now on.")
    return redirect(url_for("console.prompt", key=key), 303)


@blueprint.post("/settings/prompts/<key>/<language>/call")
def call_me_with_prompt(key: str, language: str) -> Response | tuple[str, int]:
    """Call the owner's own telephone, which plays the prompt as callers hear it. The page says how the call goes."""
    prompt = _known(key, language)
    try:
        with once():
            prompt_calls.ask(prompt, language, session.get_one(Staff, current_user.id))
    except Refusal as refused:
        return _page(prompt, not_called={language: refused.shown}), 422
    return redirect(url_for("console.prompt", key=key, _anchor=f"language-{language}"), 303)


@blueprint.post("/settings/prompts/recordings/<int:recording_id>/remove")
def remove_prompt(recording_id: int) -> Response:
    """Remove a recording: the words are spoken again."""
    with once():
        recording = session.get(PromptRecording, recording_id) if recording_id < 2**31 else None
        if recording is None:
            abort(404)
        prompts.remove(recording, current_user)
        prompt = script.by_id(services().script).get(recording.prompt)
    flash("Removed. The words are spoken again.")
    page = url_for("console.prompt", key=prompt.key) if prompt else url_for("console.prompts")
    return redirect(page, 303)


@blueprint.post("/settings/prompts/words/<int:words_id>/remove")
def remove_prompt_words(words_id: int) -> Response:
    """Delete the owner's words for a prompt that the script no longer has. Repeating it changes nothing."""
    with once():
        row = session.get(PromptWords, words_id) if words_id < 2**31 else None
        if row is not None and row.prompt not in script.by_id(services().script):
            own_words.forget(row, current_user)
    flash("Deleted.")
    return redirect(url_for("console.prompts"), 303)


def _known(key: str, language: str = "en") -> Prompt:
    prompt = script.by_key(services().script).get(key)
    if prompt is None or language not in LANGUAGES:
        abort(404)
    return prompt


def _in_force(prompt: Prompt) -> dict[str, str]:
    return {code: own_words.shown(prompt, code) for code in LANGUAGES}


def _found(part: Part, words: Mapping[str, Mapping[str, str]], sought: str) -> Part:
    """Return the part with the prompts that have every word that is sought, in any language or place."""
    wanted = _plain(sought).split()

    def has(prompt: Prompt) -> bool:
        places = [f"{one.title} {one.step}" for one in prompt.heard]
        text = _plain(" ".join([*words[prompt.key].values(), prompt.shown("en"), *places]))
        return all(one in text for one in wanted)

    return Part(part.name, part.title, tuple(filter(has, part.prompts)))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _page(
    prompt: Prompt,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    previewed: str | None = None,
    not_called: Mapping[str, str] | None = None,
) -> str:
    with services().database.reading():
        words = _in_force(prompt)
        own = [code for code in LANGUAGES if prompt.id in own_words.in_language(code)]
        company = policy.current().company_name
        recordings = {one.language: one for one in prompts.in_force() if one.prompt == prompt.id}
        changed = [code for code, one in recordings.items() if prompts.says_otherwise(one)]
        call = prompt_calls.latest(prompt, current_user.id)
        phone = shown_number(session.get_one(Staff, current_user.id).phone)
    fields = words | dict(typed or {})
    return shown(
        "prompt.html",
        tab="console.prompts",
        title="Prompt",
        prompt=prompt,
        languages=LANGUAGES,
        typed=fields,
        own=own,
        heard={code: examples.heard(fields[code], code, company=company) for code in LANGUAGES},
        values={code: {**examples.VALUES[code], "company": company} for code in LANGUAGES},
        seconds={code: pace.seconds(fields[code]) for code in LANGUAGES},
        longest={code: own_words.longest(prompt, code) for code in LANGUAGES},
        recordings=recordings,
        changed=changed,
        holds=prompts.holds,
        address=prompts.address,
        errors=errors or {},
        previewed=previewed,
        phone=phone,
        called={call.language: _CALL[call.state].format(phone)} if call else {},
        is_calling=call is not None and call.state in OPEN,
        not_called=not_called or {},
    )
