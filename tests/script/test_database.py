"""The database that tests get."""

import os

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection


@pytest.mark.django_db
def test_database_belongs_to_the_worker_and_is_used_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_database(), rolsuper, rolbypassrls FROM pg_roles "
                       "WHERE rolname = session_user")  # fmt: skip
        row = cursor.fetchone()

    assert row == ("musenest_app", os.environ["DATABASE_URL"].rpartition("/")[2], False, False)


@pytest.mark.parametrize("_", range(2))
def test_committed_db_shows_rows_to_others_and_leaves_none(committed_db: None, _: int) -> None:
    assert not ContentType.objects.filter(app_label="left").exists()

    ContentType.objects.create(app_label="left", model="row")

    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        count = other.execute("SELECT count(*) FROM django_content_type WHERE app_label = 'left'").fetchone()
    assert count == (1,)
