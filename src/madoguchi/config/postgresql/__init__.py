"""Django's PostgreSQL, which sees before a request that the server has gone."""
