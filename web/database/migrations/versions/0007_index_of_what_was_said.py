"""An index that holds all that is asked to tell how much was said in a rehearsal, so that no turn has to be read for it."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_turn_said", "turn", ["attempt_id", "kind", "status", "said_in", "instead_of_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_turn_said", table_name="turn")
