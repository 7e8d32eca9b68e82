"""What was counted in a talk up to each of its turns."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turn", sa.Column("counts_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("turn", "counts_sealed")
