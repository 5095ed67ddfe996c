"""What Alembic runs: the pending revisions, on the connection and in the transaction that it was handed."""

from __future__ import annotations

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can alter little of a table in place
)
with context.begin_transaction():
    context.run_migrations()
