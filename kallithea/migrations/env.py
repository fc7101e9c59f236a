"""Run by Alembic: takes the connection that ``upgrade`` opened, inside of its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
