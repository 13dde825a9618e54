"""Runs the migrations on the connection handed over by `engine.migrate`, inside its transaction."""

from alembic import context

from data_access.workshop.columns import VERSION_TABLE, metadata

if hasattr(context, "config"):  # only while Alembic runs; merely importing this file does nothing
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
    )
    context.run_migrations()
