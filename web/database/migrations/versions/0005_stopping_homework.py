"""That a client chose to stop homework where it is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("stopped_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("assignment", "stopped_at")
