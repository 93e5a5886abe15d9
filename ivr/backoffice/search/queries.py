"""Which intakes match a search."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, bindparam, text

from ivr.backoffice.search import rules
from ivr.core.db import session

_SQLITE: Final = (
    "SELECT rowid FROM intake_search WHERE intake_search MATCH :wanted AND rowid < :before{among}"
    " ORDER BY rowid DESC LIMIT :limit"
)
_POSTGRESQL: Final = (
    "SELECT intake_id FROM intake_search WHERE words @@ CAST(:wanted AS tsquery) AND intake_id < :before{among}"
    " ORDER BY intake_id DESC LIMIT :limit"
)
#: Every word of the index that begins so, cut after ``length`` letters: one look at the index for each, however many
#: intakes have it. SQLite itself would read all these intakes first, where its index does not keep the beginning.
_SPELLED: Final = text(
    "SELECT substr(word, 1, :length) FROM (WITH RECURSIVE step (word) AS ("
    "SELECT (SELECT term FROM intake_search_words WHERE term >= :begins ORDER BY term LIMIT 1)"
    " UNION ALL"
    " SELECT (SELECT term FROM intake_search_words WHERE term >= substr(word, 1, :length)"
    " || CASE WHEN length(word) < :length THEN char(1) ELSE char(1114111) END ORDER BY term LIMIT 1)"
    " FROM step WHERE word < :ends LIMIT :most)"
    " SELECT word FROM step) WHERE word < :ends"
)
#: Where more words begin so, most of them are rare: to read them all takes less than to look for each.
_WORDS_AT_MOST: Final = 50
_WHOLE: Final = 2**31 - 1
#: PostgreSQL does not know how many words have a beginning. Left to choose, it reads the whole table for a word that
#: nobody has said, or sorts a million rows for one that everybody has. A frequent word is found among the latest
#: intakes, and only a rare one is looked up in the index.
_LATEST: Final = text(
    "WITH latest AS MATERIALIZED ("
    "SELECT intake_id, words FROM intake_search WHERE intake_id < :before ORDER BY intake_id DESC LIMIT 1000)"
    " SELECT intake_id FROM latest WHERE words @@ CAST(:wanted AS tsquery) ORDER BY intake_id DESC LIMIT :limit"
)
_ALL: Final = text(
    "WITH found AS MATERIALIZED ("
    "SELECT intake_id FROM intake_search WHERE words @@ CAST(:wanted AS tsquery) AND intake_id < :before)"
    " SELECT intake_id FROM found ORDER BY intake_id DESC LIMIT :limit"
)
#: Above every id: the columns are 32-bit integers.
_ABOVE_ALL: Final = 2**31 - 1


def find_intakes(
    wanted: Sequence[rules.Term], *, before: int | None = None, among: Select[Any] | None = None, limit: int
) -> list[int]:
    """Return the ids of intakes that hold every term, newest first, below ``before``; none when there are no terms.

    ``among`` selects the few ids that may be found; None for all.
    """
    if not wanted:
        return []
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        words, id_, asked = _POSTGRESQL, "intake_id", rules.as_tsquery(wanted)
    else:
        spelled = _spelled(wanted)
        if any(spelled.get(term.text) == [] and not term.parts for term in wanted if term.is_beginning):
            return []  # no word begins so
        words, id_, asked = _SQLITE, "rowid", rules.as_fts5(wanted, spelled)
    values: dict[str, Any] = {
        "wanted": asked,
        "before": _ABOVE_ALL if before is None else before,
        "limit": limit,
    }
    if among is None and is_postgresql:
        latest = list(session.scalars(_LATEST, values))
        return latest if len(latest) == limit else list(session.scalars(_ALL, values))
    if among is None:
        return list(session.scalars(text(words.format(among="")), values))
    statement = text(words.format(among=f" AND {id_} IN :among"))
    values["among"] = session.scalars(among).all()
    return list(session.scalars(statement.bindparams(bindparam("among", expanding=True)), values))


def _spelled(wanted: Sequence[rules.Term]) -> dict[str, list[str]]:
    """Return what is asked for in place of beginnings that SQLite's index does not keep, where it is not too much."""
    found = {}
    for begins in rules.unkept_beginnings(wanted):
        length = next((kept for kept in rules.KEPT_BEGINNINGS if kept > len(begins)), _WHOLE)
        values = {
            "begins": begins,
            "ends": begins + chr(0x10FFFF),
            "length": length,
            "most": _WORDS_AT_MOST + 1,
        }
        words = list(session.scalars(_SPELLED, values))
        if len(words) <= _WORDS_AT_MOST:
            found[begins] = words
    return found
