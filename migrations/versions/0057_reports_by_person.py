# ruff: noqa: E501  # the statements stand as they are run
"""Reports by person, by language and in dollars: the days that are counted hear of more changes."""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

#: The triggers that hear of more columns than before; then those of tables that had none.
ANEW = ("intake", "offer")
SQLITE = (
    """CREATE TRIGGER report_intake_changed AFTER UPDATE OF id, created_at, arrived_at, state, stage, closed_from, is_silent, kind, language ON intake BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.id, NEW.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.id, NEW.id) UNION ALL SELECT OLD.created_at UNION ALL SELECT NEW.created_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.id, NEW.id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.id, NEW.id) UNION ALL SELECT OLD.created_at UNION ALL SELECT NEW.created_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_offer_changed AFTER UPDATE OF intake_id, role, callback_id, accepted_at, outcome, staff_id, made_at, ended_at ON offer BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id))) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id)) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_quote_added AFTER INSERT ON quote BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id) UNION ALL SELECT NEW.sent_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id) UNION ALL SELECT NEW.sent_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_quote_changed AFTER UPDATE OF intake_id, sent_at, sent_by, total_cents, state ON quote BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT OLD.sent_at UNION ALL SELECT NEW.sent_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT OLD.sent_at UNION ALL SELECT NEW.sent_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_quote_removed AFTER DELETE ON quote BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id) UNION ALL SELECT OLD.sent_at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id) UNION ALL SELECT OLD.sent_at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_ledger_entry_added AFTER INSERT ON ledger_entry BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id) UNION ALL SELECT NEW.at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (NEW.intake_id) UNION ALL SELECT NEW.at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_ledger_entry_changed AFTER UPDATE OF intake_id, quote_id, kind, cents, at ON ledger_entry BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT OLD.at UNION ALL SELECT NEW.at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id, NEW.intake_id) UNION ALL SELECT OLD.at UNION ALL SELECT NEW.at) WHERE at >= first_at AND at < until_at); END""",
    """CREATE TRIGGER report_ledger_entry_removed AFTER DELETE ON ledger_entry BEGIN DELETE FROM report_day WHERE until_at > (SELECT min(at) FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id) UNION ALL SELECT OLD.at)) AND EXISTS (SELECT 1 FROM (SELECT created_at AS at FROM intake WHERE id IN (OLD.intake_id) UNION ALL SELECT started_at FROM call WHERE intake_id IN (OLD.intake_id) UNION ALL SELECT OLD.at) WHERE at >= first_at AND at < until_at); END""",
)

POSTGRESQL = (
    """CREATE TRIGGER report_intake_changed AFTER INSERT OR DELETE OR UPDATE OF id, created_at, arrived_at, state, stage, closed_from, is_silent, kind, language ON intake
    FOR EACH ROW EXECUTE FUNCTION report_intake_changed()""",
    """CREATE TRIGGER report_offer_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, role, callback_id, accepted_at, outcome, staff_id, made_at, ended_at ON offer
    FOR EACH ROW EXECUTE FUNCTION report_offer_changed()""",
    """CREATE FUNCTION report_quote_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[OLD.sent_at, NEW.sent_at]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_quote_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, sent_at, sent_by, total_cents, state ON quote
    FOR EACH ROW EXECUTE FUNCTION report_quote_changed()""",
    """CREATE FUNCTION report_ledger_entry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM report_day_forget(ARRAY[OLD.intake_id, NEW.intake_id], ARRAY[OLD.at, NEW.at]);
  RETURN NULL;
END $$""",
    """CREATE TRIGGER report_ledger_entry_changed AFTER INSERT OR DELETE OR UPDATE OF intake_id, quote_id, kind, cents, at ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION report_ledger_entry_changed()""",
)


def upgrade() -> None:
    op.create_index("ix_quote_sent_at", "quote", ["sent_at"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ANEW:
        of_table = f" ON {table}" if is_postgresql else ""
        op.execute(f"DROP TRIGGER report_{table}_changed{of_table}")
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        op.execute(statement)
