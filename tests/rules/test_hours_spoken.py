"""What a caller hears of the hours, in both languages. Over 200 lines: most of them are the sentences themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ivr.company.hours import federal
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import COMPANY, Calendar, SpecialDay, Window
from ivr.company.hours.sentences import spoken_day, spoken_moment, spoken_reason, spoken_week
from ivr.company.hours.wording import WORDINGS

PACIFIC = ZoneInfo("America/Los_Angeles")
MORNING = Window(time(7), time(12))
DAY = Window(time(7), time(16))
COMPANY_HOURS = {
    "en": "Our hours are Monday to Friday, 7 a.m. to 4 p.m. Pacific.",
    "es": "Nuestro horario es de lunes a viernes, de las 7 de la mañana a las 4 de la tarde, hora del Pacífico.",
}


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PACIFIC).astimezone(UTC)


def moment(day: str, clock: str, language: str, *, now: str = "2026-11-23", now_clock: str = "06:00") -> str:
    return spoken_moment(COMPANY, at(day, clock), now=at(now, now_clock), language=language)


def reason(calendar: Calendar, day: str, clock: str, language: str) -> str:
    return spoken_reason(calendar, hours_rules.status(calendar, at(day, clock)), language)


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        ("2026-11-23", "today at 7 a.m. Pacific", "hoy a las 7 de la mañana, hora del Pacífico"),
        (
            "2026-11-24",
            "tomorrow, Tuesday, at 7 a.m. Pacific",
            "mañana martes a las 7 de la mañana, hora del Pacífico",
        ),
        (
            "2026-11-30",
            "Monday, November 30th, at 7 a.m. Pacific",
            "el lunes 30 de noviembre a las 7 de la mañana, hora del Pacífico",
        ),
        (
            "2027-01-04",
            "Monday, January 4th, at 7 a.m. Pacific",
            "el lunes 4 de enero a las 7 de la mañana, hora del Pacífico",
        ),
    ],
)
def test_a_moment_is_nearer_the_nearer_it_is(day: str, english: str, spanish: str) -> None:
    assert moment(day, "07:00", "en") == english
    assert moment(day, "07:00", "es") == spanish


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        ("2026-11-23", "7:30 p.m.", "las 7:30 de la tarde"),
        ("2026-11-24", "tomorrow", "mañana"),
        ("2026-11-25", "Wednesday", "el miércoles"),
        ("2026-11-29", "Sunday", "el domingo"),
        ("2026-11-30", "November 30th", "el 30 de noviembre"),
    ],
)
def test_an_end_in_a_word_is_the_time_the_weekday_or_the_date(day: str, english: str, spanish: str) -> None:
    end, now = at(day, "19:30"), at("2026-11-23", "06:00")

    assert spoken_day(COMPANY, end, now=now, language="en") == english
    assert spoken_day(COMPANY, end, now=now, language="es") == spanish


def test_today_ends_at_midnight_on_the_line_and_not_in_utc() -> None:
    late = {"now": "2026-11-23", "now_clock": "23:59"}
    assert moment("2026-11-24", "07:00", "en", **late).startswith("tomorrow, Tuesday,")
    early = {"now": "2026-11-24", "now_clock": "00:00"}
    assert moment("2026-11-24", "07:00", "en", **early).startswith("today")


@pytest.mark.parametrize(
    ("clock", "english", "spanish"),
    [
        ("00:00", "at midnight", "a las 12 de la noche"),
        ("00:30", "at 12:30 a.m.", "a las 12:30 de la madrugada"),
        ("01:00", "at 1 a.m.", "a la 1 de la madrugada"),
        ("07:30", "at 7:30 a.m.", "a las 7:30 de la mañana"),
        ("11:05", "at 11:05 a.m.", "a las 11:05 de la mañana"),
        ("12:00", "at noon", "a las 12 del mediodía"),
        ("12:30", "at 12:30 p.m.", "a las 12:30 de la tarde"),
        ("13:15", "at 1:15 p.m.", "a la 1:15 de la tarde"),
        ("16:00", "at 4 p.m.", "a las 4 de la tarde"),
        ("20:00", "at 8 p.m.", "a las 8 de la noche"),
    ],
)
def test_the_hours_of_the_day(clock: str, english: str, spanish: str) -> None:
    assert moment("2026-11-23", clock, "en", now_clock="00:00") == f"today {english} Pacific"
    assert moment("2026-11-23", clock, "es", now_clock="00:00") == f"hoy {spanish}, hora del Pacífico"


@pytest.mark.parametrize(
    ("day", "ordinal"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (22, "22nd"), (23, "23rd"), (30, "30th"), (31, "31st")],
)  # fmt: skip
def test_a_date_is_an_ordinal(day: int, ordinal: str) -> None:
    assert f"January {ordinal}, at" in moment(f"2027-01-{day:02}", "07:00", "en")


def test_open_says_until_when() -> None:
    assert reason(COMPANY, "2026-11-23", "09:00", "en") == "We're open until 4 p.m. Pacific."
    spanish = "Estamos abiertos hasta las 4 de la tarde, hora del Pacífico."
    assert reason(COMPANY, "2026-11-23", "09:00", "es") == spanish


@pytest.mark.parametrize("clock", ["05:00", "20:00"])
def test_closed_for_the_night(clock: str) -> None:
    assert reason(COMPANY, "2026-11-23", clock, "en") == f"We're closed now. {COMPANY_HOURS['en']}"
    assert reason(COMPANY, "2026-11-23", clock, "es") == f"Ahora estamos cerrados. {COMPANY_HOURS['es']}"


def test_closed_for_the_weekend() -> None:
    assert reason(COMPANY, "2026-11-22", "12:00", "en") == f"We're closed today. {COMPANY_HOURS['en']}"
    assert reason(COMPANY, "2026-11-22", "12:00", "es") == f"Hoy estamos cerrados. {COMPANY_HOURS['es']}"


def test_closed_for_a_holiday() -> None:
    assert reason(COMPANY, "2026-11-26", "12:00", "en") == "We're closed today for Thanksgiving Day."
    assert (
        reason(COMPANY, "2026-11-26", "12:00", "es")
        == "Hoy estamos cerrados por el Día de Acción de Gracias."
    )


def test_the_owners_reason_is_spoken_in_the_language_it_has() -> None:
    calendar = replace(COMPANY, special_days=(SpecialDay(date(2026, 11, 23), None, "inventory"),))
    assert reason(calendar, "2026-11-23", "12:00", "en") == "We're closed today for inventory."
    assert reason(calendar, "2026-11-23", "12:00", "es") == "Hoy estamos cerrados."


def test_the_owners_reason_in_spanish_is_for_those_who_speak_it() -> None:
    day = SpecialDay(date(2026, 11, 23), None, "inventory", "inventario")
    calendar = replace(COMPANY, special_days=(day,))
    assert reason(calendar, "2026-11-23", "12:00", "en") == "We're closed today for inventory."
    assert reason(calendar, "2026-11-23", "12:00", "es") == "Hoy estamos cerrados por inventario."
    short = replace(COMPANY, special_days=(replace(day, window=MORNING),))
    assert reason(short, "2026-11-23", "13:00", "es").endswith("hora del Pacífico, por inventario.")


def test_a_closing_without_a_reason() -> None:
    calendar = replace(COMPANY, special_days=(SpecialDay(date(2026, 11, 23), None),))
    assert reason(calendar, "2026-11-23", "12:00", "en") == "We're closed today."


def test_a_short_day_says_its_own_hours() -> None:
    calendar = replace(COMPANY, special_days=(SpecialDay(date(2026, 12, 24), MORNING, "Christmas Eve"),))
    english = "We're closed now. Today our hours are 7 a.m. to noon Pacific, for Christmas Eve."
    spanish = (
        "Ahora estamos cerrados. Hoy nuestro horario es de las 7 de la mañana a las 12 del mediodía, "
        "hora del Pacífico, por la Nochebuena."
    )
    assert reason(calendar, "2026-12-24", "13:00", "en") == english
    assert reason(calendar, "2026-12-24", "13:00", "es") == spanish
    assert reason(calendar, "2026-12-24", "09:00", "en") == "We're open until noon Pacific."
    untold = replace(COMPANY, special_days=(SpecialDay(date(2026, 12, 24), MORNING),))
    assert reason(untold, "2026-12-24", "13:00", "en").endswith("Today our hours are 7 a.m. to noon Pacific.")


@pytest.mark.parametrize(
    ("week", "english", "spanish"),
    [
        (
            {0: DAY, 1: DAY, 2: DAY, 3: DAY, 4: MORNING},
            "Monday to Thursday, 7 a.m. to 4 p.m.; Friday, 7 a.m. to noon",
            (
                "de lunes a jueves, de las 7 de la mañana a las 4 de la tarde; "
                "viernes, de las 7 de la mañana a las 12 del mediodía"
            ),
        ),
        (
            {5: DAY, 6: DAY},
            "Saturday and Sunday, 7 a.m. to 4 p.m.",
            "sábado y domingo, de las 7 de la mañana a las 4 de la tarde",
        ),
        (
            {0: DAY, 1: DAY, 2: DAY, 4: DAY},
            "Monday to Wednesday and Friday, 7 a.m. to 4 p.m.",
            "de lunes a miércoles y viernes, de las 7 de la mañana a las 4 de la tarde",
        ),
        (
            dict.fromkeys(range(7), Window(time(0), time(0))),
            "every day, midnight to midnight",
            "todos los días, de las 12 de la noche a las 12 de la noche",
        ),
    ],
)
def test_hours_that_differ_by_day_are_told_apart(week: dict[int, Window], english: str, spanish: str) -> None:
    assert spoken_week(Calendar(week=week), "en") == f"Our hours are {english} Pacific."
    assert spoken_week(Calendar(week=week), "es") == f"Nuestro horario es {spanish}, hora del Pacífico."


def test_no_weekday_open_has_no_hours_to_tell() -> None:
    assert spoken_week(Calendar(), "en") == ""
    fair = Calendar(special_days=(SpecialDay(date(2026, 12, 1), DAY),))
    assert reason(fair, "2026-11-23", "12:00", "en") == "We're closed today."


@pytest.mark.parametrize(
    ("zone", "english", "spanish"),
    [
        ("America/New_York", "Eastern", "hora oriental"),
        ("America/Phoenix", "Mountain", "hora de las Montañas Rocosas"),
        ("Pacific/Honolulu", "Hawaii-Aleutian", "hora de Hawái-Aleutianas"),
        ("America/Indiana/Indianapolis", "Indianapolis time", "hora de Indianapolis"),
        ("UTC", "UTC time", "hora de UTC"),
    ],
)
def test_the_zone_is_the_calendars(zone: str, english: str, spanish: str) -> None:
    assert spoken_week(Calendar(zone=zone, week={0: DAY}), "en").endswith(f" {english}.")
    assert spoken_week(Calendar(zone=zone, week={0: DAY}), "es").endswith(f", {spanish}.")


@pytest.mark.parametrize("name", federal.NAMES)
def test_every_holiday_has_spanish_words(name: str) -> None:
    spanish = WORDINGS["es"].occasion(name)
    assert spanish is not None
    assert spanish.startswith(("el ", "la "))
    assert spanish != name


@pytest.mark.parametrize("language", WORDINGS)
def test_every_day_of_a_year_can_be_spoken(language: str) -> None:
    for month in range(1, 13):
        for day in range(1, 29):
            said = reason(COMPANY, f"2027-{month:02}-{day:02}", "12:00", language)
            assert said.endswith(".")
            assert "None" not in said
