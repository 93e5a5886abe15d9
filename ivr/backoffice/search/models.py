"""The words of every intake. The database itself keeps them, so that no write can miss them.

SQLite has an FTS5 table, PostgreSQL a tsvector with a GIN index; triggers on ``intake`` update them. A migration
holds the same statements, frozen. SQLite drops a table's triggers when a batch migration rebuilds the table:
such a migration of ``intake`` must create them again (tests/program/test_migrations.py compares them).

PostgreSQL must keep its text as UTF-8, which ``normalize`` requires.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, event

from ivr.backoffice.search.rules import APOSTROPHES, KEPT_BEGINNINGS, LETTERS, SEPARATORS
from ivr.callcenter.intake.models import Intake

_WORDS: Final = (
    "reference",
    "contact_name",
    "contact_email",
    "site_address",
    "issue",
    "transcript",
    "detailed_issue",
)
#: Where names stand. A name is also found without its apostrophe: the words of O'Neil are o, neil and oneil. The long
#: texts are left out: the index would keep them twice for every "doesn't".
_NAMES: Final = ("contact_name", "contact_email", "site_address", "issue")
_NUMBERS: Final = ("caller_number", "callback_number", "contact_number", "system_number")
_ALL: Final = ", ".join((*_WORDS, *_NUMBERS))

#: A number is found by its last digits, four at least: each ending is a word (+14155552671: 2671, 52671 and so
#: on), and a search matches the beginning of words. Place 2 skips the plus.
_ENDINGS: Final = "length(number) - place >= 3"


def _without(text: str, replaced: Mapping[str, str]) -> str:
    """Return the SQL for that text with each character replaced."""
    for one, other in replaced.items():
        quoted = one.replace("'", "''")
        text = f"replace({text}, '{quoted}', '{other}')"
    return text


def _sqlite_text(names: Sequence[str]) -> str:
    return " || ' ' || ".join(f"coalesce(NEW.{name}, '')" for name in names)


_NO_APOSTROPHES: Final = dict.fromkeys(APOSTROPHES, "")
_SQLITE_TEXT: Final = _without(
    f"{_sqlite_text(_WORDS)} || ' ' || {_without(_sqlite_text(_NAMES), _NO_APOSTROPHES)}", LETTERS
)
_SQLITE_NUMBERS: Final = " UNION ".join(f"SELECT NEW.{name} AS number" for name in _NUMBERS)
_SQLITE_PLACES: Final = " UNION ALL ".join(f"SELECT {place} AS place" for place in range(2, 14))
_SQLITE_KEEP: Final = (  # built from the names above only
    f"INSERT INTO intake_search (rowid, words) VALUES (NEW.id, {_SQLITE_TEXT} || ' ' || coalesce("  # noqa: S608
    f"(SELECT group_concat(substr(number, place), ' ') FROM ({_SQLITE_NUMBERS}), ({_SQLITE_PLACES})"
    f" WHERE {_ENDINGS}), ''));"
)
_SQLITE_FORGET: Final = "DELETE FROM intake_search WHERE rowid = OLD.id;"

#: Whoever writes merges nothing: ``word_index`` does. Without a worker, 500 parts are merged at once.
_SQLITE_MERGES: Final = tuple(
    f"INSERT INTO intake_search (intake_search, rank) VALUES ('{name}', {value})"  # noqa: S608
    for name, value in {"automerge": 0, "crisismerge": 500}.items()
)

SQLITE: Final = (
    f"""CREATE VIRTUAL TABLE intake_search
    USING fts5(words, tokenize = 'unicode61 remove_diacritics 2', prefix = '{" ".join(map(str, KEPT_BEGINNINGS))}')""",
    # Each word that the index has.
    "CREATE VIRTUAL TABLE intake_search_words USING fts5vocab(intake_search, instance)",
    *_SQLITE_MERGES,
    f"CREATE TRIGGER intake_search_added AFTER INSERT ON intake BEGIN {_SQLITE_KEEP} END",
    f"""CREATE TRIGGER intake_search_changed AFTER UPDATE OF id, {_ALL} ON intake
    BEGIN {_SQLITE_FORGET} {_SQLITE_KEEP} END""",
    f"CREATE TRIGGER intake_search_removed AFTER DELETE ON intake BEGIN {_SQLITE_FORGET} END",
)


def _postgresql_text(names: Sequence[str]) -> str:
    return f"concat_ws(' ', {', '.join(f'NEW.{name}' for name in names)})"


_POSTGRESQL_TEXT: Final = _without(
    f"concat_ws(' ', {_postgresql_text(_WORDS)}, {_without(_postgresql_text(_NAMES), _NO_APOSTROPHES)})",
    LETTERS,
)

POSTGRESQL: Final = (
    """CREATE TABLE intake_search (
    intake_id integer PRIMARY KEY REFERENCES intake (id) ON DELETE CASCADE, words tsvector NOT NULL)""",
    "CREATE INDEX ix_intake_search_words ON intake_search USING gin (words)",
    # Not to_tsvector: its parser keeps an email address whole. Accents are removed as SQLite's tokenizer does.
    rf"""CREATE FUNCTION intake_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO intake_search (intake_id, words)
  SELECT NEW.id, array_to_tsvector(coalesce(array_agg(DISTINCT left(word, 60)) FILTER (WHERE word <> ''), '{{}}'))
  FROM (
    SELECT regexp_split_to_table(lower(normalize(regexp_replace(normalize(
      {_POSTGRESQL_TEXT},
      NFD), '[\u0300-\u036f]+', '', 'g'), NFC)), '{SEPARATORS}+') AS word
    UNION ALL
    SELECT substr(number, place)
    FROM unnest(ARRAY[{", ".join(f"NEW.{name}" for name in _NUMBERS)}]) AS number, generate_series(2, 13) AS place
    WHERE {_ENDINGS}
  ) AS found
  ON CONFLICT (intake_id) DO UPDATE SET words = excluded.words;
  RETURN NULL;
END $$""",  # noqa: S608
    f"""CREATE TRIGGER intake_search_kept AFTER INSERT OR UPDATE OF {_ALL} ON intake
    FOR EACH ROW EXECUTE FUNCTION intake_search_keep()""",
)

_DROP: Final = ("DROP TABLE IF EXISTS intake_search_words", "DROP TABLE IF EXISTS intake_search")
_DROP_POSTGRESQL: Final = (*_DROP, "DROP FUNCTION IF EXISTS intake_search_keep CASCADE")


def _run(connection: Connection, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in postgresql if connection.dialect.name == "postgresql" else sqlite:
        connection.exec_driver_sql(statement)


@event.listens_for(Intake.__table__, "after_create")
def _make(_table: object, connection: Connection, **_more: Any) -> None:
    _run(connection, SQLITE, POSTGRESQL)


@event.listens_for(Intake.__table__, "before_drop")
def _drop(_table: object, connection: Connection, **_more: Any) -> None:
    _run(connection, _DROP, _DROP_POSTGRESQL)
