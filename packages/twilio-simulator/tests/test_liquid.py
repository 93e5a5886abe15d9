"""Templates of a flow: Liquid, as much of it as is performed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from twilio_simulator.studio import liquid

#: A Monday.
MORNING = datetime(2026, 11, 23, 9, 5, tzinfo=ZoneInfo("America/Los_Angeles"))
OPEN = (
    "{% assign at = 'now' | date: '%H%M' | plus: 0 %}"
    "{% if at >= 800 and at < 1700 %}open{% elsif at < 800 %}early{% else %}late{% endif %}"
)


def rendered(template: str, now: datetime = MORNING) -> str:
    heard = {"trigger": {"call": {"From": "+12025550111"}}, "widgets": {"menu_1": {"Digits": "2"}}}
    return liquid.render(template, liquid.Scope(heard, now))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("no braces", "no braces"),
        ("You ring from {{trigger.call.From}}.", "You ring from +12025550111."),
        ("{{ widgets.menu_1.Digits }}{{ widgets.nobody.Digits }}", "2"),
        ("{{ widgets.nobody.Digits | default: 'none' }}", "none"),
        ("{{ 'now' | date: '%A %e %B %H:%M %Z' }}", "Monday 23 November 09:05 PST"),
        ("{{ widgets.menu_1.Digits | plus: 1 | times: 2 | minus: 1 }}", "5"),
        ("{{ 7 | divided_by: 2 }} {{ 7 | modulo: 2 }} {{ '7.5' | plus: 1 }}", "3 1 8.5"),
        ("{{ ' Yes ' | strip | downcase | append: '!' | prepend: 'o' | replace: 'y', 'Y' }}", "oYes!"),
        ("{{ 'abc' | size }}{{ 'abc' | remove: 'b' | upcase }}", "3AC"),
        ("{% unless widgets.menu_1.Digits == '2' %}other{% else %}two{% endunless %}", "two"),
        ("{% if widgets.menu_1.Speech == blank or nobody %}silent{% endif %}", "silent"),
        ("{% if trigger.call.From contains '+1202' %}Washington{% endif %}", "Washington"),
        (
            "{% assign day = 'now' | date: '%a' %}{% case day %}{% when 'Sat', 'Sun' %}no{% else %}yes{% endcase %}",
            "yes",
        ),
        ("{% if false and true or true %}left{% else %}right{% endif %}", "right"),
        ("{% comment %} it's nothing {% endcomment %}said", "said"),
        ("{%- if false -%}a{%- else -%}b{%- endif -%}", "b"),
    ],
)
def test_a_template_says(template: str, said: str) -> None:
    assert rendered(template) == said


@pytest.mark.parametrize(("hour", "said"), [(7, "early"), (8, "open"), (16, "open"), (17, "late")])
def test_a_template_knows_the_hour(hour: int, said: str) -> None:
    assert rendered(OPEN, MORNING.replace(hour=hour)) == said


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ trigger.call.From", "never closed"),
        ("{% if a %}b", "endif is missing"),
        ("{% for a in b %}{% endfor %}", "'for' is not understood"),
        ("{{ a | shout }}", "'shout'"),
        ("{{ a | plus }}", "'plus' with 0 arguments"),
        ("{{ a b }}", "too much"),
        ("{{ }}", "a value is missing"),
        ("{% assign a %}", "has no ="),
        ("{{ a & b }}", "'& b' is not understood"),
        ("{{ 'now' | date: '%s' }}", "'%s'"),
    ],
)
def test_what_is_not_understood_is_refused(template: str, why: str) -> None:
    with pytest.raises(liquid.LiquidError, match=why):
        liquid.parse(template)
