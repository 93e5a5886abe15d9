"""A row for each recording, with its own transcript; and which one callers hear during a closing."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.add_column(sa.Column("transcript", sa.String(length=5000), nullable=True))
        batch_op.add_column(sa.Column("seconds", sa.Integer(), nullable=True))
        batch_op.alter_column("audio", existing_type=sa.LargeBinary(), nullable=True)
        batch_op.create_index("ix_clip_url", ["url"], unique=False)
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_clip_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_closing_message_clip_id_clip"), "clip", ["message_clip_id"], ["id"]
        )
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
    for row in rows:
        values = {"token": secrets.token_urlsafe(32), "content_type": "audio/x-wav", "made_at": row.heard_at}
        connection.execute(clip.insert().values(intake_id=row.id, url=row.issue_recording_url, **values))
    # Until now the intake had one transcript, of its first recording: as far as is known, that of the oldest.
    oldest = sa.select(sa.func.min(clip.c.id)).group_by(clip.c.intake_id)
    words = sa.select(intake.c.transcript).where(intake.c.id == clip.c.intake_id).scalar_subquery()
    connection.execute(clip.update().where(clip.c.id.in_(oldest)).values(transcript=words))
    closing = sa.table("closing", *map(sa.column, ("message_intake_id", "message_clip_id")))
    latest = sa.select(sa.func.max(clip.c.id)).where(clip.c.intake_id == closing.c.message_intake_id)
    connection.execute(closing.update().values(message_clip_id=latest.scalar_subquery()))
