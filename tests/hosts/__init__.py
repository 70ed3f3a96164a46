"""Several hosts on one database, and a database that outlives its program."""
