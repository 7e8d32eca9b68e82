"""Alembic's way in: runs on the connection that `web.database.opening` hands over."""

from typing import Any, Literal

from alembic import context

from web.database import clinic_tables  # noqa: F401 - so that its tables are known
from web.database.tables import Base, UtcTime


def write_type(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types as plain ones, so that a migration never imports today's tables."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True, render_item=write_type
)
with context.begin_transaction():
    context.run_migrations()
