"""``flask --app devtools flows map``: the whole script as a drawing, read from the code."""

from pathlib import Path

import click

from devtools import pages_from_code
from devtools.pages_from_code import DOCS


@click.group()
def flows() -> None:
    """The script of the line."""


@flows.command("map")
@pages_from_code.options(DOCS)
def draw(*, check: bool, into: Path) -> None:
    """Draw the call map: call-map.svg, and call-map.md for GitHub."""
    from devtools.callmap.mermaid import markdown  # noqa: PLC0415  # a process that serves calls draws no maps
    from devtools.callmap.model import UnreachedStepError, UnreadableFlowError  # noqa: PLC0415
    from devtools.callmap.script import whole_script  # noqa: PLC0415
    from devtools.callmap.svg import svg  # noqa: PLC0415

    try:
        script = whole_script()
    except (UnreadableFlowError, UnreachedStepError) as error:
        raise click.ClickException(str(error)) from error
    drawn = {into / "call-map.svg": svg(script), into / "call-map.md": markdown(script)}
    if check:
        pages_from_code.compare(drawn, "flask --app devtools flows map")
        click.echo("The call map is current.")
        return
    pages_from_code.write(drawn)
    click.echo(f"{len(script.places)} steps and {len(script.arrows)} arrows: {', '.join(map(str, drawn))}")


@flows.command("timed")
@click.option(
    "--voice", is_flag=True, help="Time them as espeak-ng says them, instead of by the rates of the flows."
)
def timed(*, voice: bool) -> None:
    """Print how many seconds each prompt takes, in English and Spanish, then the menus and the briefs."""
    from devtools import timed_prompts  # noqa: PLC0415  # a process that serves calls times no prompts

    def line(one: timed_prompts.Said) -> str:
        words = {language: one.words(language) for language in timed_prompts.LANGUAGES}
        taken = [
            timed_prompts.by_voice(said, language) if voice else timed_prompts.by_words(said)
            for language, said in words.items()
        ]
        return f"{taken[0]:5.1f} {taken[1]:5.1f}  {one.flow}.{one.function}: {words['en']}"

    try:
        for title, said in (
            ("Prompts", timed_prompts.prompts()),
            (f"Menus, at most {timed_prompts.MENU_SECONDS} seconds", timed_prompts.menus()),
            (f"Briefs, at most {timed_prompts.BRIEF_SECONDS} seconds", timed_prompts.briefs()),
        ):
            click.echo(f"{title}: English, Spanish")
            for one in said:
                click.echo(line(one))
    except FileNotFoundError as missing:
        raise click.ClickException("espeak-ng is not here: apt-get install espeak-ng.") from missing
