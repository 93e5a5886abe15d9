# ruff: noqa: E501  # the statements stand as they are run
"""Days that are over are counted once, and forgotten when a call of theirs changes."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER report_intake_added AFTER INSERT ON intake BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.id) UNION ALL SELECT NEW.created_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.id) UNION ALL SELECT NEW.created_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_intake_changed AFTER UPDATE OF id, created_at, arrived_at, state, stage, closed_from, is_silent ON intake BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.id, NEW.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.id, NEW.id) UNION ALL SELECT OLD.created_at UNION ALL SELECT NEW.created_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.id, NEW.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.id, NEW.id) UNION ALL SELECT OLD.created_at UNION ALL SELECT NEW.created_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_intake_removed AFTER DELETE ON intake BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.id) UNION ALL SELECT OLD.created_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.id) UNION ALL SELECT OLD.created_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_call_added AFTER INSERT ON call BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id) UNION ALL SELECT NEW.started_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id) UNION ALL SELECT NEW.started_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_call_changed AFTER UPDATE OF intake_id, direction, started_at, ended_at, outcome, shield ON call BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT OLD.started_at UNION ALL SELECT NEW.started_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT OLD.started_at UNION ALL SELECT NEW.started_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_call_removed AFTER DELETE ON call BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id) UNION ALL SELECT OLD.started_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id) UNION ALL SELECT OLD.started_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_offer_added AFTER INSERT ON offer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_offer_changed AFTER UPDATE OF intake_id, role, callback_id, accepted_at, outcome ON offer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_offer_removed AFTER DELETE ON offer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_transfer_added AFTER INSERT ON transfer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_transfer_changed AFTER UPDATE OF intake_id, state ON transfer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_transfer_removed AFTER DELETE ON transfer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_callback_added AFTER INSERT ON callback BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_callback_changed AFTER UPDATE OF intake_id, state, reason ON callback BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_callback_removed AFTER DELETE ON callback BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_owner_call_added AFTER INSERT ON owner_call BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_owner_call_changed AFTER UPDATE OF intake_id ON owner_call BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_owner_call_removed AFTER DELETE ON owner_call BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id)) WHERE at >= first_at AND at < until_at); END""",
)

POSTGRESQL = (
    """CREATE FUNCTION report_day_forget(matters integer[], moments timestamptz[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
  quarter integer;
  before integer := -1;
BEGIN
  FOREACH moment IN ARRAY moments || ARRAY(SELECT created_at FROM intake WHERE id = ANY (matters))
    || ARRAY(SELECT started_at FROM call WHERE intake_id = ANY (matters))
  LOOP
    quarter := floor(extract(epoch FROM moment) / 900);
    CONTINUE WHEN quarter IS NULL OR quarter = before;
    before := quarter;
    PERFORM pg_advisory_xact_lock_shared(42, quarter);
    DELETE FROM report_day WHERE until_at > moment AND first_at <= moment;
  END LOOP;
END $$""",
    """CREATE FUNCTION report_intake_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.id, NEW.id], ARRAY[OLD.created_at, NEW.created_at]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_intake_changed AFTER INSERT OR DELETE OR UPDATE OF id, created_at, arrived_at, state, stage, closed_from, is_silent ON intake
    FOR EACH ROW EXECUTE FUNCTION report_intake_changed()""",
    """CREATE FUNCTION report_call_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[OLD.started_at, NEW.started_at]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_call_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, direction, started_at, ended_at, outcome, shield ON call
    FOR EACH ROW EXECUTE FUNCTION report_call_changed()""",
    """CREATE FUNCTION report_offer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[]::timestamptz[]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_offer_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, role, callback_id, accepted_at, outcome ON offer
    FOR EACH ROW EXECUTE FUNCTION report_offer_changed()""",
    """CREATE FUNCTION report_transfer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[]::timestamptz[]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_transfer_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, state ON transfer
    FOR EACH ROW EXECUTE FUNCTION report_transfer_changed()""",
    """CREATE FUNCTION report_callback_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[]::timestamptz[]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_callback_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, state, reason ON callback
    FOR EACH ROW EXECUTE FUNCTION report_callback_changed()""",
    """CREATE FUNCTION report_owner_call_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[]::timestamptz[]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_owner_call_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id ON owner_call
    FOR EACH ROW EXECUTE FUNCTION report_owner_call_changed()""",
)


def upgrade() -> None:
    op.create_index(op.f("ix_call_started_at"), "call", ["started_at"])
    op.create_table(
        "report_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.String(length=16), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=True),
        sa.Column("latest", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_day")),
        sa.UniqueConstraint("zone", "day", name=op.f("uq_report_day_zone_day")),
    )
    op.create_index(op.f("ix_report_day_until_at"), "report_day", ["until_at"])
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
