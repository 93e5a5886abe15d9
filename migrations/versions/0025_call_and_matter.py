# ruff: noqa: E501, S608  # the statements stand as they are run; names are our own
"""The stage of a matter and the state of its call, instead of one word for both.

Expand: the word stays, for lists and for the release before. Where it disagrees with what was sold, what was sold
counts: a matter that the key 9 had closed goes on where its estimate, its payment or its booking had left it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: As ivr.intake.earlier_release had it, word for word: a test compares what both make.
_SQLITE = (
    r"""CREATE TRIGGER intake_state_written AFTER UPDATE OF state ON intake WHEN NEW.state <> OLD.state AND NEW.stage = OLD.stage AND NEW.call_state = OLD.call_state
    BEGIN UPDATE intake SET call_state = CASE NEW.state WHEN 'collecting' THEN 'asking' WHEN 'abandoned' THEN 'cut_off'
    WHEN 'message' THEN 'left_word' WHEN 'closed' THEN 'settled'
    WHEN 'quoted' THEN NEW.call_state WHEN 'paid' THEN NEW.call_state WHEN 'booked' THEN NEW.call_state
    ELSE NEW.state END, stage = CASE WHEN NEW.state IN ('quoted', 'paid', 'booked') THEN NEW.state ELSE NEW.stage END WHERE id = NEW.id; END""",
)
_POSTGRESQL = (
    r"""CREATE FUNCTION intake_state_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.call_state := CASE NEW.state WHEN 'collecting' THEN 'asking' WHEN 'abandoned' THEN 'cut_off'
    WHEN 'message' THEN 'left_word' WHEN 'closed' THEN 'settled'
    WHEN 'quoted' THEN NEW.call_state WHEN 'paid' THEN NEW.call_state WHEN 'booked' THEN NEW.call_state
    ELSE NEW.state END;
  NEW.stage := CASE WHEN NEW.state IN ('quoted', 'paid', 'booked') THEN NEW.state ELSE NEW.stage END;
  RETURN NEW;
END $$""",
    r"""CREATE TRIGGER intake_state_written BEFORE UPDATE OF state ON intake
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.stage = OLD.stage AND NEW.call_state = OLD.call_state) EXECUTE FUNCTION intake_state_written()""",
)

_VISIT = (
    "EXISTS (SELECT 1 FROM quote WHERE quote.intake_id = intake.id AND kind = 'visit' AND quote.state = '{}')"
)
_ON_LINE = "EXISTS (SELECT 1 FROM call WHERE call.intake_id = intake.id AND call.ended_at IS NULL)"
_WITH = "EXISTS (SELECT 1 FROM offer WHERE offer.intake_id = intake.id AND offer.ended_at IS NULL AND role = '{}')"
_TRANSFER = (
    "EXISTS (SELECT 1 FROM transfer WHERE transfer.intake_id = intake.id AND transfer.ended_at IS NULL)"
)


def upgrade() -> None:
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(length=10), server_default="open", nullable=False))
        batch_op.add_column(
            sa.Column("call_state", sa.String(length=20), server_default="asking", nullable=False)
        )
        batch_op.add_column(sa.Column("closed_from", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("closed_why", sa.String(length=300), nullable=True))
        batch_op.drop_index("ix_intake_state_arrived_at")
    _split()
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index("ix_intake_call_state_arrived_at", ["call_state", "arrived_at"], unique=False)
        batch_op.create_index("ix_intake_stage_id", ["stage", "id"], unique=False)
    connection = op.get_bind()
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)


def _split() -> None:
    """One pass over the table, then a few over what is sold or going on."""
    op.execute(f"""
        UPDATE intake SET
            call_state = CASE state
                WHEN 'collecting' THEN 'asking' WHEN 'abandoned' THEN 'cut_off' WHEN 'message' THEN 'left_word'
                WHEN 'closed' THEN 'settled' WHEN 'with_operator' THEN 'finished'
                WHEN 'quoted' THEN 'finished' WHEN 'paid' THEN 'finished' WHEN 'booked' THEN 'finished'
                ELSE state END,
            stage = CASE
                WHEN state IN ('quoted', 'paid', 'booked') THEN state
                WHEN state <> 'closed' THEN 'open'
                WHEN EXISTS (SELECT 1 FROM booking WHERE booking.intake_id = intake.id) THEN 'booked'
                WHEN {_VISIT.format("paid")} THEN 'paid'
                WHEN {_VISIT.format("sent")} THEN 'quoted'
                ELSE 'closed' END
    """)
    op.execute("UPDATE intake SET closed_from = 'open' WHERE stage = 'closed'")
    op.execute("UPDATE intake SET state = stage WHERE state = 'closed' AND stage <> 'closed'")
    # Somebody who talks at this moment is where they are, whatever they were sold meanwhile.
    op.execute(f"""
        UPDATE intake SET call_state = CASE
            WHEN {_TRANSFER} AND state <> 'with_operator' THEN 'transferring'
            WHEN state = 'with_operator' OR {_WITH.format("operator")} THEN 'with_operator'
            WHEN {_WITH.format("technician")} THEN 'with_technician'
            ELSE 'with_operator' END
        WHERE call_state = 'finished' AND {_ON_LINE}
    """)
    op.execute("""
        UPDATE intake SET state = call_state
        WHERE state IN ('quoted', 'paid', 'booked')
        AND call_state IN ('transferring', 'with_operator', 'with_technician')
    """)
