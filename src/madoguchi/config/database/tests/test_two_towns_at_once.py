"""Two towns on one database server come up in the same moment: neither fails over the roles that they share."""

import os

import psycopg
import pytest

from madoguchi.config.database.roles import GRANTS
from tests.elsewhere import at_the_same_time

ROLES = GRANTS.replace("madoguchi_app", "madoguchi_race").partition("GRANT USAGE")[0]


@pytest.mark.django_db(transaction=True)
def test_the_role_is_made_once_and_nobody_fails():
    def make():
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(ROLES)
        return "made"

    try:
        for _round in range(10):
            assert at_the_same_time(*[make] * 4) == ["made"] * 4
            drop()
    finally:
        drop()


def drop():
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS madoguchi_race")
