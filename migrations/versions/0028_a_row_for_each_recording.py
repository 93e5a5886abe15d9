"""A row for each recording, with its own transcript."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.add_column(sa.Column("transcript", sa.String(length=5000), nullable=True))
        batch_op.add_column(sa.Column("seconds", sa.Integer(), nullable=True))
        batch_op.alter_column("audio", existing_type=sa.LargeBinary(), nullable=True)
        batch_op.create_index("ix_clip_url", ["url"], unique=False)
    _rows()


def _rows() -> None:
    """Give every recording a row: those whose audio was never fetched have none yet."""
    connection = op.get_bind()
    intake = sa.table(
        "intake",
        *map(sa.column, ("id", "issue_recording_url", "transcript")),
        sa.column("heard_at", sa.DateTime(timezone=True)),
    )
    clip = sa.table(
        "clip",
        *map(sa.column, ("id", "intake_id", "url", "token", "content_type", "transcript")),
        sa.column("made_at", sa.DateTime(timezone=True)),
    )
    theirs = clip.c.intake_id == intake.c.id, clip.c.url == intake.c.issue_recording_url
    without = intake.c.issue_recording_url.is_not(None), ~sa.exists().where(*theirs)
    rows = connection.execute(
        sa.select(intake.c.id, intake.c.issue_recording_url, intake.c.heard_at).where(*without)
    ).all()
    if rows:
        connection.execute(clip.insert(), [_row(*row) for row in rows])
    # Until now the intake had one transcript, of its first recording: as far as is known, that of the oldest.
    oldest = sa.select(sa.func.min(clip.c.id)).group_by(clip.c.intake_id)
    words = sa.select(intake.c.transcript).where(intake.c.id == clip.c.intake_id).scalar_subquery()
    connection.execute(clip.update().where(clip.c.id.in_(oldest)).values(transcript=words))


def _row(intake_id: int, url: str, made_at: datetime) -> dict[str, object]:
    token = secrets.token_urlsafe(32)
    return {
        "intake_id": intake_id,
        "url": url,
        "token": token,
        "content_type": "audio/x-wav",
        "made_at": made_at,
    }
