import os

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


def answer(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_sqlite_is_a_file_with_a_write_ahead_log():
    assert str(settings.DATABASES["default"]["NAME"]).startswith(os.environ["TEST_RUN_DIR"])
    assert answer("PRAGMA journal_mode") == "wal"
    assert answer("PRAGMA busy_timeout") == "20000"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
def test_postgresql_is_a_real_one():
    assert answer("SELECT version()").startswith("PostgreSQL")
