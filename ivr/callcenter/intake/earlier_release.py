"""The previous release knows only the column ``state``, and runs beside this one while a release is rolled out.

When it writes that column, a database trigger moves the two state machines (``intake.stages``) along. A
migration holds the same statements, frozen. The next release drops them: see
docs/decisions/0016-call-state-and-intake-stage.md.
"""

from typing import Any, Final

from sqlalchemy import Connection, event

from ivr.callcenter.intake.models import Intake

_CALL: Final = """CASE NEW.state WHEN 'collecting' THEN 'asking' WHEN 'abandoned' THEN 'cut_off'
    WHEN 'message' THEN 'left_word' WHEN 'closed' THEN 'settled'
    WHEN 'quoted' THEN NEW.call_state WHEN 'paid' THEN NEW.call_state WHEN 'booked' THEN NEW.call_state
    ELSE NEW.state END"""
_STAGE: Final = "CASE WHEN NEW.state IN ('quoted', 'paid', 'booked') THEN NEW.state ELSE NEW.stage END"
#: This release changes ``state`` only together with one of the two.
_BY_THE_EARLIER: Final = (
    "NEW.state <> OLD.state AND NEW.stage = OLD.stage AND NEW.call_state = OLD.call_state"
)

SQLITE: Final = (
    f"""CREATE TRIGGER intake_state_written AFTER UPDATE OF state ON intake WHEN {_BY_THE_EARLIER}
    BEGIN UPDATE intake SET call_state = {_CALL}, stage = {_STAGE} WHERE id = NEW.id; END""",  # noqa: S608  # names and words that stand above
)
POSTGRESQL: Final = (
    f"""CREATE FUNCTION intake_state_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.call_state := {_CALL};
  NEW.stage := {_STAGE};
  RETURN NEW;
END $$""",
    f"""CREATE TRIGGER intake_state_written BEFORE UPDATE OF state ON intake
    FOR EACH ROW WHEN ({_BY_THE_EARLIER}) EXECUTE FUNCTION intake_state_written()""",
)


@event.listens_for(Intake.__table__, "after_create")
def _make(_table: object, connection: Connection, **_more: Any) -> None:
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.exec_driver_sql(statement)


@event.listens_for(Intake.__table__, "before_drop")
def _drop(_table: object, connection: Connection, **_more: Any) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS intake_state_written CASCADE")
