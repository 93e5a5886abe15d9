"""Days, hours and holidays in English and in Spanish, for speech and pages. Pure.

They are not in ``flows/locale/es.po``, because they are not translated sentence by sentence. Each language builds its
phrases from Babel's names of days, months and zones, with its own articles and order.
"""

from abc import ABC, abstractmethod
from datetime import date, time
from typing import Final

from babel.dates import format_date, format_time, get_timezone_name

from ivr.company.hours.rules import MIDNIGHT, Window

NOON: Final = time(12)

#: The federal holidays, and two days on which an owner may close early.
SPANISH_OCCASIONS: Final = {
    "New Year's Day": "el Día de Año Nuevo",
    "Martin Luther King Jr. Day": "el Día de Martin Luther King Jr.",
    "Washington's Birthday": "el Natalicio de Washington",
    "Memorial Day": "el Día de los Caídos",
    "Juneteenth National Independence Day": "el Día Nacional de la Independencia, Juneteenth",
    "Independence Day": "el Día de la Independencia",
    "Labor Day": "el Día del Trabajo",
    "Columbus Day": "el Día de Colón",
    "Veterans Day": "el Día de los Veteranos",
    "Thanksgiving Day": "el Día de Acción de Gracias",
    "Christmas Eve": "la Nochebuena",
    "Christmas Day": "la Navidad",
    "New Year's Eve": "la víspera de Año Nuevo",
}


class Wording(ABC):
    """The parts of a sentence, and the sentences made from them."""

    locale: str
    end: str
    moment: str
    every_day: str
    week: str
    today: str
    tomorrow: str
    today_for: str
    open_until: str
    closed_now: str
    closed_today: str
    closed_for: str
    closed_by_hand: str

    @abstractmethod
    def clock(self, wall: time) -> str:
        """Return a time of day: "7:30 a.m."."""

    @abstractmethod
    def at(self, wall: time) -> str:
        """Return when something happens: "at 7:30 a.m."."""

    @abstractmethod
    def window(self, window: Window) -> str:
        """Return hours: "7 a.m. to noon"."""

    @abstractmethod
    def day(self, day: date, *, away: int) -> str:
        """Return a date that is ``away`` days ahead."""

    @abstractmethod
    def weekday(self, day: date) -> str:
        """Return the day of a date within a week: "Tuesday"."""

    @abstractmethod
    def month_day(self, day: date) -> str:
        """Return a date without its day: "January 4th"."""

    @abstractmethod
    def days(self, first: str, last: str) -> str:
        """Return weekdays: "Monday to Friday"."""

    @abstractmethod
    def zone(self, name: str) -> str:
        """Return the name of the time zone, to follow a time."""

    @abstractmethod
    def occasion(self, name: str) -> str | None:
        """Return a holiday or the owner's reason, to follow "for"; None when this language has no words for it."""

    def _date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=self.locale)


class English(Wording):
    """English as spoken in the United States."""

    locale = "en_US"
    moment = "{day} {at} {zone}"
    end = "{clock} {zone}"
    every_day = "every day"
    tomorrow = "tomorrow"
    week = "Our hours are {hours} {zone}."
    today = "Today our hours are {hours} {zone}."
    today_for = "Today our hours are {hours} {zone}, for {occasion}."
    open_until = "We're open until {clock} {zone}."
    closed_now = "We're closed now."
    closed_today = "We're closed today."
    closed_for = "We're closed today for {occasion}."
    closed_by_hand = "We're closed at the moment."

    def clock(self, wall: time) -> str:
        if wall in {NOON, MIDNIGHT}:
            return "noon" if wall == NOON else "midnight"
        minutes = f":{wall.minute:02}" if wall.minute else ""
        return f"{wall.hour % 12 or 12}{minutes} {'a.m.' if wall < NOON else 'p.m.'}"

    def at(self, wall: time) -> str:
        return f"at {self.clock(wall)}"

    def window(self, window: Window) -> str:
        return f"{self.clock(window.opens)} to {self.clock(window.closes)}"

    def day(self, day: date, *, away: int) -> str:
        if away == 0:
            return "today"
        if away == 1:
            return f"tomorrow, {self._date(day, 'EEEE')},"
        return f"{self._date(day, 'EEEE, MMMM')} {_ordinal(day.day)},"

    def weekday(self, day: date) -> str:
        return self._date(day, "EEEE")

    def month_day(self, day: date) -> str:
        return f"{self._date(day, 'MMMM')} {_ordinal(day.day)}"

    def days(self, first: str, last: str) -> str:
        return f"{first} to {last}"

    def zone(self, name: str) -> str:
        known = get_timezone_name(name, zone_variant="generic", locale=self.locale)
        return f"{_city(name)} time" if "(" in known else known.removesuffix(" Time")

    def occasion(self, name: str) -> str:
        return name


class Spanish(Wording):
    """Spanish as spoken in the United States."""

    locale = "es_US"
    moment = "{day} {at}, {zone}"
    end = "{clock}, {zone}"
    every_day = "todos los días"
    tomorrow = "mañana"
    week = "Nuestro horario es {hours}, {zone}."
    today = "Hoy nuestro horario es {hours}, {zone}."
    today_for = "Hoy nuestro horario es {hours}, {zone}, por {occasion}."
    open_until = "Estamos abiertos hasta {clock}, {zone}."
    closed_now = "Ahora estamos cerrados."
    closed_today = "Hoy estamos cerrados."
    closed_for = "Hoy estamos cerrados por {occasion}."
    closed_by_hand = "En este momento estamos cerrados."

    def clock(self, wall: time) -> str:
        if wall == MIDNIGHT:
            return "las 12 de la noche"
        article = "la" if wall.hour in {1, 13} else "las"
        return f"{article} {format_time(wall, 'h:mm B' if wall.minute else 'h B', locale=self.locale)}"

    def at(self, wall: time) -> str:
        return f"a {self.clock(wall)}"

    def window(self, window: Window) -> str:
        return f"de {self.clock(window.opens)} a {self.clock(window.closes)}"

    def day(self, day: date, *, away: int) -> str:
        if away == 0:
            return "hoy"
        if away == 1:
            return f"mañana {self._date(day, 'EEEE')}"
        return f"el {self._date(day, 'EEEE d')} de {self._date(day, 'MMMM')}"

    def weekday(self, day: date) -> str:
        return f"el {self._date(day, 'EEEE')}"

    def month_day(self, day: date) -> str:
        return f"el {day.day} de {self._date(day, 'MMMM')}"

    def days(self, first: str, last: str) -> str:
        return f"de {first} a {last}"

    def zone(self, name: str) -> str:
        known = get_timezone_name(name, zone_variant="generic", locale=self.locale)
        return f"hora de {_city(name)}" if "(" in known else known

    def occasion(self, name: str) -> str | None:
        return SPANISH_OCCASIONS.get(name)


WORDINGS: Final[dict[str, Wording]] = {"en": English(), "es": Spanish()}


def _ordinal(number: int) -> str:
    ending = "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
