"""Rooms, their questions, votes, and who is here."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(6), nullable=False, unique=True),
        sa.Column("secret", sa.String(64), nullable=False, unique=True),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("together", sa.Boolean, nullable=False),
        sa.Column("closes", sa.Float, nullable=False),
    )
    op.create_index("rooms_closes", "rooms", ["closes"])
    op.create_table(
        "questions",
        _of_a_room(),
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("revealed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "votes",
        _of_a_room(),
        sa.Column("question", sa.String(100), primary_key=True),
        sa.Column("browser", sa.String(64), primary_key=True),
        sa.Column("choice", sa.Integer, nullable=False),
    )
    op.create_table(
        "presence",
        _of_a_room(),
        sa.Column("browser", sa.String(64), primary_key=True),
        sa.Column("seen", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("presence", "votes", "questions", "rooms"):
        op.drop_table(name)


def _of_a_room() -> sa.Column[int]:
    return sa.Column(
        "room", sa.Integer, sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True
    )
