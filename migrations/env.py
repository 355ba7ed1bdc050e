"""Alembic's environment: runs the migrations on the connection that storage hands over, in the transaction that it opened.

There is no alembic.ini and no address in here: `pos_loyalty.storage.schema` finds this folder as a package, wherever it is
installed.
"""

from alembic import context

from pos_loyalty.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
