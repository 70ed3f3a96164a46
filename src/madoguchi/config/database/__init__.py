"""The database: an own PostgreSQL, roles, rights, migration."""
