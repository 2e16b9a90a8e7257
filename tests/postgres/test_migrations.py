"""An upgrade changes the database while the version before still answers: it must survive that.

What it does not survive is a column or table that is gone or renamed, a new column that it does not
fill and that has no default in the database, and a constraint that it does not know. The rule, and
the two steps that keep it, stand in `docs/decisions/migrations.md`.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_migration_linter.sql_analyser.analyser import (
    analyse_sql_statements,
    get_sql_analyser_class,
)
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).parent.parent.parent

#: Before these no version was in service that had to survive them.
FIRST_IN_SERVICE = {"content": 7, "courses": 9, "registrations": 17}

#: The second of two steps, with why no version in service minds it.
ACCEPTED: dict[tuple[str, str], str] = {}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL"),
]


def migrations_since() -> list[tuple[str, str]]:
    return [
        (app, file.stem)
        for app, first in FIRST_IN_SERVICE.items()
        for file in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))
        if int(file.stem[:4]) > first and (app, file.stem) not in ACCEPTED
    ]


def dangers(app: str, name: str) -> list[str]:
    loader = MigrationLoader(connection)
    return judged(loader.collect_sql([(loader.get_migration_by_prefix(app, name), False)]))


def judged(statements: list[str]) -> list[str]:
    analyser = get_sql_analyser_class(connection.settings_dict["ENGINE"])
    errors, _, _ = analyse_sql_statements(analyser, statements)
    return [error.message for error in errors]


@pytest.mark.parametrize(("app", "name"), migrations_since())
def test_the_version_before_goes_on_answering(app: str, name: str):
    assert dangers(app, name) == []


@pytest.fixture(scope="module")
def state(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> ProjectState:
    with django_db_blocker.unblock():
        return MigrationLoader(connection).project_state()


def number(**options: Any) -> "models.IntegerField[Any, Any]":
    return models.IntegerField(**options)


@pytest.mark.parametrize(
    ("operation", "danger"),
    [
        (operations.AddField("course", "rank", number(null=True)), None),
        (operations.AddField("course", "rank", number(db_default=0)), None),
        (operations.AddField("course", "rank", number(default=0)), "NOT NULL constraint"),
        (operations.AlterField("course", "title_es", models.CharField(max_length=9)), "ALTERING"),
        (operations.RenameField("course", "title_en", "name_en"), "RENAMING columns"),
        (operations.RemoveField("course", "title_es"), "DROPPING columns"),
        (operations.RenameModel("Objective", "Aim"), "RENAMING tables"),
        (operations.DeleteModel("Objective"), "DROPPING table"),
        (operations.AlterUniqueTogether("objective", {("course", "id")}), "ADDING unique"),
        (operations.CreateModel("Room", [("id", models.AutoField(primary_key=True))]), None),
    ],
)
def test_what_the_version_before_does_not_survive_is_seen(
    state: ProjectState, operation: operations.base.Operation, danger: str | None
):
    migration = Migration("tried", "courses")
    migration.operations = [operation]
    with connection.schema_editor(collect_sql=True) as editor:
        migration.apply(state.clone(), editor, collect_sql=True)
    said = judged(editor.collected_sql)
    assert [message[: len(danger or "")] for message in said] == ([danger] if danger else [])
