# ruff: noqa: E501, RUF001  # the statements stand as they are run
"""Search finds a name without its apostrophe, and letters that are no accented ones: o for ø, l for ł."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

#: As ivr.backoffice.search.models had it, word for word: a test compares what both make.
_SQLITE = (
    "DROP TRIGGER IF EXISTS intake_search_added",
    "DROP TRIGGER IF EXISTS intake_search_changed",
    r"""CREATE TRIGGER intake_search_added AFTER INSERT ON intake BEGIN INSERT INTO intake_search (rowid, words) VALUES (NEW.id, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(coalesce(NEW.reference, '') || ' ' || coalesce(NEW.contact_name, '') || ' ' || coalesce(NEW.contact_email, '') || ' ' || coalesce(NEW.site_address, '') || ' ' || coalesce(NEW.issue, '') || ' ' || coalesce(NEW.transcript, '') || ' ' || coalesce(NEW.detailed_issue, '') || ' ' || replace(replace(replace(replace(replace(replace(replace(replace(replace(coalesce(NEW.contact_name, '') || ' ' || coalesce(NEW.contact_email, '') || ' ' || coalesce(NEW.site_address, '') || ' ' || coalesce(NEW.issue, ''), '''', ''), '’', ''), '‘', ''), 'ʼ', ''), 'ʻ', ''), '′', ''), '´', ''), '`', ''), '＇', ''), 'ø', 'o'), 'Ø', 'o'), 'ł', 'l'), 'Ł', 'l'), 'đ', 'd'), 'Đ', 'd'), 'ı', 'i'), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe') || ' ' || coalesce((SELECT group_concat(substr(number, place), ' ') FROM (SELECT NEW.caller_number AS number UNION SELECT NEW.callback_number AS number UNION SELECT NEW.contact_number AS number UNION SELECT NEW.system_number AS number), (SELECT 2 AS place UNION ALL SELECT 3 AS place UNION ALL SELECT 4 AS place UNION ALL SELECT 5 AS place UNION ALL SELECT 6 AS place UNION ALL SELECT 7 AS place UNION ALL SELECT 8 AS place UNION ALL SELECT 9 AS place UNION ALL SELECT 10 AS place UNION ALL SELECT 11 AS place UNION ALL SELECT 12 AS place UNION ALL SELECT 13 AS place) WHERE length(number) - place >= 3), '')); END""",
    r"""CREATE TRIGGER intake_search_changed AFTER UPDATE OF id, reference, contact_name, contact_email, site_address, issue, transcript, detailed_issue, caller_number, callback_number, contact_number, system_number ON intake
    BEGIN DELETE FROM intake_search WHERE rowid = OLD.id; INSERT INTO intake_search (rowid, words) VALUES (NEW.id, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(coalesce(NEW.reference, '') || ' ' || coalesce(NEW.contact_name, '') || ' ' || coalesce(NEW.contact_email, '') || ' ' || coalesce(NEW.site_address, '') || ' ' || coalesce(NEW.issue, '') || ' ' || coalesce(NEW.transcript, '') || ' ' || coalesce(NEW.detailed_issue, '') || ' ' || replace(replace(replace(replace(replace(replace(replace(replace(replace(coalesce(NEW.contact_name, '') || ' ' || coalesce(NEW.contact_email, '') || ' ' || coalesce(NEW.site_address, '') || ' ' || coalesce(NEW.issue, ''), '''', ''), '’', ''), '‘', ''), 'ʼ', ''), 'ʻ', ''), '′', ''), '´', ''), '`', ''), '＇', ''), 'ø', 'o'), 'Ø', 'o'), 'ł', 'l'), 'Ł', 'l'), 'đ', 'd'), 'Đ', 'd'), 'ı', 'i'), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe') || ' ' || coalesce((SELECT group_concat(substr(number, place), ' ') FROM (SELECT NEW.caller_number AS number UNION SELECT NEW.callback_number AS number UNION SELECT NEW.contact_number AS number UNION SELECT NEW.system_number AS number), (SELECT 2 AS place UNION ALL SELECT 3 AS place UNION ALL SELECT 4 AS place UNION ALL SELECT 5 AS place UNION ALL SELECT 6 AS place UNION ALL SELECT 7 AS place UNION ALL SELECT 8 AS place UNION ALL SELECT 9 AS place UNION ALL SELECT 10 AS place UNION ALL SELECT 11 AS place UNION ALL SELECT 12 AS place UNION ALL SELECT 13 AS place) WHERE length(number) - place >= 3), '')); END""",
)
_POSTGRESQL = (
    r"""CREATE OR REPLACE FUNCTION intake_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO intake_search (intake_id, words)
  SELECT NEW.id, array_to_tsvector(coalesce(array_agg(DISTINCT left(word, 60)) FILTER (WHERE word <> ''), '{}'))
  FROM (
    SELECT regexp_split_to_table(lower(normalize(regexp_replace(normalize(
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(concat_ws(' ', concat_ws(' ', NEW.reference, NEW.contact_name, NEW.contact_email, NEW.site_address, NEW.issue, NEW.transcript, NEW.detailed_issue), replace(replace(replace(replace(replace(replace(replace(replace(replace(concat_ws(' ', NEW.contact_name, NEW.contact_email, NEW.site_address, NEW.issue), '''', ''), '’', ''), '‘', ''), 'ʼ', ''), 'ʻ', ''), '′', ''), '´', ''), '`', ''), '＇', '')), 'ø', 'o'), 'Ø', 'o'), 'ł', 'l'), 'Ł', 'l'), 'đ', 'd'), 'Đ', 'd'), 'ı', 'i'), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'),
      NFD), '[\u0300-\u036f]+', '', 'g'), NFC)), '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u3003\u3008-\u3020\ufe00-\ufe0f]+') AS word
    UNION ALL
    SELECT substr(number, place)
    FROM unnest(ARRAY[NEW.caller_number, NEW.callback_number, NEW.contact_number, NEW.system_number]) AS number, generate_series(2, 13) AS place
    WHERE length(number) - place >= 3
  ) AS found
  ON CONFLICT (intake_id) DO UPDATE SET words = excluded.words;
  RETURN NULL;
END $$""",
)
#: Only these rows have words that are new to the index.
_SQLITE_ROWS = r"""coalesce(reference, '') || coalesce(contact_name, '') || coalesce(contact_email, '') || coalesce(site_address, '') || coalesce(issue, '') || coalesce(transcript, '') || coalesce(detailed_issue, '') GLOB '*[''’‘ʼʻ′´`＇øØłŁđĐıßæÆœŒ]*'"""
_POSTGRESQL_ROWS = r"""concat(reference, contact_name, contact_email, site_address, issue, transcript, detailed_issue) ~ '[''’‘ʼʻ′´`＇øØłŁđĐıßæÆœŒ]'"""


def upgrade() -> None:
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    for statement in _POSTGRESQL if is_postgresql else _SQLITE:
        connection.exec_driver_sql(statement)
    rows = _POSTGRESQL_ROWS if is_postgresql else _SQLITE_ROWS
    connection.exec_driver_sql(f"UPDATE intake SET reference = reference WHERE {rows}")  # noqa: S608  # ours
