"""What went with an erasure: counts by kind, for its receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("erasure", sa.Column("counts_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("erasure", "counts_sealed")
