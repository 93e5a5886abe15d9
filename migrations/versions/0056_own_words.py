"""The owner's own words for prompts. The greeting has the company's name in it, and keeps its recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_BEFORE = "Thank you for calling onsite support."
_AFTER = "Thank you for calling %(company)s."
_WORDS = {
    "en": (_BEFORE, _AFTER),
    "es": ("Gracias por llamar al soporte en sitio.", "Gracias por llamar a %(company)s."),
}


def upgrade() -> None:
    op.create_table(
        "prompt_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_words")),
        sa.UniqueConstraint("prompt", "language", name=op.f("uq_prompt_words_prompt_language")),
    )
    op.add_column("prompt_recording", sa.Column("spoken", sa.String(length=1000), nullable=True))
    # Until every process runs this release, the one before speaks its greeting in place of the recording.
    recording = sa.table(
        "prompt_recording",
        sa.column("prompt"),
        sa.column("language"),
        sa.column("words"),
        sa.column("spoken"),
    )
    for language, (before, after) in _WORDS.items():
        op.execute(
            recording.update()
            .where(recording.c.prompt == _BEFORE, recording.c.language == language)
            .where(recording.c.words == before)
            .values(prompt=_AFTER, words=after, spoken=before)
        )
