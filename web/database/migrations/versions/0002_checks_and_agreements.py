"""Check scenes, the self-check before a talk, where a reply was said, and the agreement card."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("card_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_agreement_attempt_id_attempt"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_agreement_attempt_id")),
    )
    op.add_column("attempt", sa.Column("check_kind", sa.String(length=16), nullable=True))
    op.add_column("attempt", sa.Column("self_check_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("turn", sa.Column("said_in", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("turn", "said_in")
    op.drop_column("attempt", "self_check_sealed")
    op.drop_column("attempt", "check_kind")
    op.drop_table("agreement")
