"""The store: one port, one SQL implementation for SQLite and PostgreSQL, migrations that run at start."""
