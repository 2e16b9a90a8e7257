"""Who may open which page of the staff desk, and press which button: every one, for every role.

The addresses and actions come from the site itself; what is allowed stands in the tables below. A
new one fails here until it is named in a table: that is the moment to decide whose it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from content.history.models import SITE, Change
from content.history.recording import note
from content.models import Page, Provider, SiteSettings
from courses.models import Course, Instructor, Seats
from registrations import roles
from registrations.models import AuditFile, Certificate, InterestSignup, LetterText, Message
from registrations.services import interest
from tests.admin_forms import acted
from tests.factories import NOW, make_class
from tests.registrations.certificates.classes import issued_to
from tests.registrations.people import join, register

pytestmark = pytest.mark.django_db

STAFF, EDITOR, TEACHER = roles.CLASS_STAFF, roles.CONTENT_EDITOR, roles.INSTRUCTOR
CHIEF, NOROLE, STRANGER = "superuser", "staff without a role", "anonymous"
WHO = [STAFF, EDITOR, TEACHER, CHIEF, NOROLE, STRANGER]

CLASSES = {STAFF, CHIEF}
TEXTS = {EDITOR, CHIEF}
CLASSES_OR_TEXTS = {STAFF, EDITOR, CHIEF}
TEACHING = {TEACHER, CHIEF}
CHIEFS = {CHIEF}
SIGNED_IN = {STAFF, EDITOR, TEACHER, CHIEF, NOROLE}
ALL = {*WHO}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Model:
    """Who may do what on the five pages that Django makes for a model."""

    see: set[str]
    add: set[str]
    change: set[str]
    delete: set[str]


#: By `room_model`. A page that is seen is not yet one that can be saved.
MODELS = {
    "courses_scheduledclass": Model(see=CLASSES, add=CLASSES, change=CLASSES, delete=NOBODY),
    "registrations_registration": Model(see=CLASSES, add=NOBODY, change=NOBODY, delete=NOBODY),
    "registrations_letter": Model(see=CLASSES, add=NOBODY, change=NOBODY, delete=NOBODY),
    "registrations_interestsignup": Model(see=CLASSES, add=NOBODY, change=NOBODY, delete=NOBODY),
    "registrations_lettertext": Model(see=CLASSES, add=CLASSES, change=CLASSES, delete=CLASSES),
    "registrations_message": Model(see=CLASSES, add=NOBODY, change=NOBODY, delete=NOBODY),
    "courses_course": Model(see=CLASSES_OR_TEXTS, add=TEXTS, change=TEXTS, delete=TEXTS),
    "courses_instructor": Model(
        see=CLASSES_OR_TEXTS, add=CLASSES_OR_TEXTS, change=CLASSES_OR_TEXTS, delete=TEXTS
    ),
    "content_sitesettings": Model(see=TEXTS, add=TEXTS, change=TEXTS, delete=NOBODY),
    "registrations_certificate": Model(see=CLASSES, add=NOBODY, change=NOBODY, delete=NOBODY),
    "content_provider": Model(
        see=CLASSES_OR_TEXTS, add=CLASSES_OR_TEXTS, change=CLASSES_OR_TEXTS, delete=NOBODY
    ),
    "content_page": Model(see=TEXTS, add=TEXTS, change=TEXTS, delete=TEXTS),
    "auth_user": Model(see=CHIEFS, add=CHIEFS, change=CHIEFS, delete=CHIEFS),
    "auth_group": Model(see=CHIEFS, add=CHIEFS, change=CHIEFS, delete=CHIEFS),
}

#: Who may open it (GET), who may send to it (POST). By the name of the address.
PAGES: dict[str, tuple[set[str], set[str]]] = {
    "index": (SIGNED_IN, SIGNED_IN),
    "login": (ALL, ALL),
    "logout": ({STRANGER}, ALL),  # Who is signed out already is led to the first page.
    "password_change": (SIGNED_IN, SIGNED_IN),
    "password_change_done": (SIGNED_IN, NOBODY),
    "autocomplete": (CLASSES_OR_TEXTS, NOBODY),  # It reads its parts from the address alone.
    "jsi18n": (SIGNED_IN, NOBODY),
    "view_on_site": (SIGNED_IN, SIGNED_IN),
    "app_list": (CLASSES, CLASSES),
    "auth_user_password_change": (CHIEFS, CHIEFS),
    "content_page_bring_back": (TEXTS, TEXTS),
    "content_sitesettings_bring_back": (TEXTS, TEXTS),
    "courses_course_spanish": (CLASSES_OR_TEXTS, CLASSES_OR_TEXTS),
    "courses_scheduledclass_announce": (CLASSES, CLASSES),
    "courses_scheduledclass_attendance": (CLASSES, CLASSES),
    "courses_scheduledclass_attendance_file": (CLASSES, CLASSES),
    "courses_scheduledclass_audit": (CLASSES, CLASSES),
    "courses_scheduledclass_audit_take": (NOBODY, CLASSES),
    "courses_scheduledclass_cancel": (CLASSES, CLASSES),
    "content_provider_signature": (CLASSES_OR_TEXTS, NOBODY),
    "courses_scheduledclass_certificates": (CLASSES, CLASSES),
    "courses_scheduledclass_certificate_preview": (CLASSES, NOBODY),
    "registrations_certificate_paper": (CLASSES, NOBODY),
    "registrations_certificate_replace": (CLASSES, CLASSES),
    "registrations_certificate_revoke": (CLASSES, CLASSES),
    "courses_scheduledclass_copy": (CLASSES, CLASSES),
    "courses_scheduledclass_evaluation": (CLASSES, NOBODY),
    "courses_scheduledclass_overview": (CLASSES, NOBODY),
    "courses_scheduledclass_publish": (CLASSES, CLASSES),
    "courses_scheduledclass_take_off": (CLASSES, CLASSES),
    "registrations_lettertext_preview": (CLASSES, CLASSES),
    "registrations_message_write_to_class": (CLASSES, CLASSES),
    "registrations_registration_add_person": (CLASSES, CLASSES),
    "registrations_registration_address": (CLASSES, CLASSES),
    "registrations_registration_cancel": (CLASSES, CLASSES),
    "registrations_registration_details": (CLASSES, CLASSES),
    "registrations_registration_erasing": (CLASSES, NOBODY),
    "registrations_registration_export": (CLASSES, CLASSES),
    "registrations_registration_find": (CLASSES, NOBODY),
    "registrations_registration_link": (CLASSES, CLASSES),
    "registrations_registration_made_up": (CLASSES, CLASSES),
    "registrations_registration_move": (CLASSES, CLASSES),
    "registrations_registration_sheet": (CLASSES, NOBODY),
    "registrations_registration_seat": (CLASSES, CLASSES),
    "courses_scheduledclass_numbers": (CLASSES, NOBODY),
    "registrations_registration_numbers": (CLASSES, NOBODY),
    "registrations_registration_own_attendance": ({TEACHER}, {TEACHER}),
    "registrations_registration_own_class": ({TEACHER}, NOBODY),
    "registrations_registration_own_classes": (TEACHING, NOBODY),
}

#: Parts of an address that are no key of its own model's row.
PARTS: dict[str, dict[str, Any]] = {
    "autocomplete": {},
    "app_list": {"app_label": "registrations"},
    "registrations_lettertext_preview": {"kind": "confirmed", "language": "en"},
}

#: What an address needs to be asked for anything.
ASKED = {
    "autocomplete": {
        "app_label": "courses",
        "model_name": "courseinstructor",
        "field_name": "instructor",
    },
    "registrations_lettertext_add": {"kind": "waiting", "language": "en"},
}

#: Who may have it done, by `model.action`.
ACTIONS = {
    "registration.give_a_free_seat": CLASSES,
    "registration.write_to_them": NOBODY,  # It does nothing by itself: it leads to a page.
    "letter.try_again": CLASSES,
    "interestsignup.take_off": CLASSES,
    "scheduledclass.delete_selected": NOBODY,
    "lettertext.delete_selected": NOBODY,
    "course.delete_selected": TEXTS,
    "instructor.delete_selected": TEXTS,
    "page.delete_selected": NOBODY,
    "user.delete_selected": CHIEFS,
    "group.delete_selected": CHIEFS,
}

HOW_TO_NAME_AN_ADDRESS = (
    "The staff desk has an address that nobody decided on. Name it in PAGES of {file}, with who "
    "may open it and who may send to it; a new model in MODELS. If its address has parts that are "
    "no key of its own model's row, say in PARTS what stands there."
)
HOW_TO_NAME_AN_ACTION = "A list has an action that nobody decided on. Name it in ACTIONS of {file}."


# The site's own addresses.


def patterns(found: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route)
        else:
            yield route, pattern


def desk() -> dict[str, str]:
    """Every address of the desk by its name; the two without one lead on, or say 404."""
    resolver: Any
    [resolver] = [p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin"]
    return {
        pattern.name: route for route, pattern in patterns(resolver.url_patterns) if pattern.name
    }


def allowed() -> dict[str, tuple[set[str], set[str]]]:
    table = dict(PAGES)
    for name, model in MODELS.items():
        table |= {
            f"{name}_changelist": (model.see, model.see),
            f"{name}_history": (model.see, model.see),
            f"{name}_add": (model.add, model.add),
            f"{name}_change": (model.see, model.change),
            f"{name}_delete": (model.delete, model.delete),
        }
    return table


def test_every_address_of_the_desk_has_somebody_who_decided_whose_it_is():
    assert desk().keys() == allowed().keys(), HOW_TO_NAME_AN_ADDRESS.format(file=__file__)


def test_every_action_of_a_list_has_somebody_who_decided_whose_it_is(world: SimpleNamespace):
    request = RequestFactory().get("/")
    request.user = world.users[CHIEF]
    found = {
        f"{model._meta.model_name}.{action}"
        for model, model_admin in admin.site._registry.items()
        for action in model_admin.get_actions(request)
    }
    # Django hides an action whose permission nobody has.
    assert found | {name for name in ACTIONS if not ACTIONS[name]} == ACTIONS.keys(), (
        HOW_TO_NAME_AN_ACTION.format(file=__file__)
    )


# Somebody of each role, and one row of everything.


@pytest.fixture
def world(caplog: pytest.LogCaptureFixture) -> SimpleNamespace:
    caplog.set_level("CRITICAL", "django.request")  # Hundreds of refusals, each with its trace.
    # Another test may have emptied the whole database, groups and all.
    roles.bring_up_to_date(apps, SimpleNamespace(connection=connection))
    users = {name: User.objects.create_user(name, is_staff=True) for name in [*roles.ROLES, NOROLE]}
    for name in roles.ROLES:
        users[name].groups.set([Group.objects.get(name=name)])
    users[CHIEF] = User.objects.create_superuser(CHIEF)
    scheduled_class = make_class(capacity=1)
    scheduled_class.instructors.add(
        Instructor.objects.create(name="Robin Vale", user=users[TEACHER])
    )
    join(scheduled_class, "sits")
    waits = join(scheduled_class, "waits")
    # One seat that came free so late that the line was not asked.
    Seats.objects.filter(pk=scheduled_class.pk).update(capacity=2)
    register(make_class(), "elsewhere")
    interest.sign_up(email="news@peers.test", language="en", now=NOW)
    certificate = issued_to()
    rows = [
        scheduled_class,
        waits,
        certificate,
        Provider.objects.get(),
        waits.letters.earliest("pk"),
        InterestSignup.objects.get(),
        LetterText.objects.create(kind="confirmed", subject="Your class", body="x", button="y"),
        Course.objects.create(title="Another course"),
        Instructor.objects.create(name="Jordan Reyes"),
        SiteSettings.objects.get_or_create(pk=1)[0],
        Message.objects.create(
            scheduled_class=scheduled_class, subject="{dates}", body="x", written_at=NOW
        ),
        AuditFile.objects.create(
            scheduled_class=scheduled_class, asked_at=NOW, taken_at=NOW, made_at=NOW
        ),
        Page.objects.create(slug="another", title="Another page"),
        User.objects.create_user("somebody"),
        Group.objects.create(name="some group"),
    ]
    for row in rows:
        note(row, actor=SITE, now=NOW)
    keys = {row._meta.label_lower.replace(".", "_"): row.pk for row in rows}
    return SimpleNamespace(users=users, keys=keys)


def path_of(name: str, route: str, world: SimpleNamespace) -> str:
    """The address with a row of the model in each of its open parts."""
    if name == "view_on_site":
        kind = apps.get_model("contenttypes", "ContentType").objects.get(model="scheduledclass")
        return f"/admin/r/{kind.pk}/{world.keys['courses_scheduledclass']}/"
    model = next((model for model in MODELS if name.startswith(f"{model}_")), "")
    parts = PARTS.get(name, {})
    if name.endswith("_bring_back"):
        changes = Change.objects.filter(owner=model.replace("_", "."))
        parts = {"line": changes.latest("pk").pk}
    if name.endswith(("_own_class", "_own_attendance")):
        parts = {"pk": world.keys["courses_scheduledclass"]}
    if name.endswith("_audit_take"):
        parts = {"file": world.keys["registrations_auditfile"]}
    if name.endswith("_certificate_preview"):
        person = Certificate.objects.get().registration
        parts = {"pk": person.scheduled_class_id, "person": person.pk}
    parts = {"class_pk": world.keys["courses_scheduledclass"]} | parts
    filled = re.sub(r"\^?\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("$", "")
    own = world.keys.get(model)
    return "/admin/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: str(parts.get(part[1], own)), filled
    )


def client_of(who: str, world: SimpleNamespace) -> Client:
    client = Client()
    if who != STRANGER:
        client.force_login(world.users[who])
    return client


def lets_in(response: Any) -> bool:
    """Not refused: neither "not you", nor "not here", nor "sign in first"."""
    asks_to_sign_in = response.headers.get("Location", "").startswith("/admin/login/")
    return response.status_code not in {403, 404, 405} and not asks_to_sign_in


#: On PostgreSQL one is enough who may open the most: a refusal makes no statement of its own.
EACH = [who if who == CHIEF else pytest.param(who, marks=pytest.mark.once) for who in WHO]


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows but who is signed in since when."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label not in {"sessions.Session", "auth.User"}
    }


@pytest.mark.parametrize("who", EACH)
def test_each_page_lets_in_whom_the_table_names_and_a_refused_one_changes_nothing(
    who: str, world: SimpleNamespace
):
    table, wrong = allowed(), {}
    client, before = client_of(who, world), everything()
    for name, route in desk().items():
        path = path_of(name, route, world)
        for method, may in zip(["get", "post"], table[name], strict=True):
            with transaction.atomic():
                asked = ASKED.get(name) if method == "get" else None
                was_let_in = lets_in(getattr(client, method)(path, asked))
                # What is allowed happens, for the moment of the question.
                transaction.set_rollback(who in may)
            if was_let_in != (who in may):
                wrong[f"{method.upper()} {path}"] = "is let in" if was_let_in else "is refused"
        if name == "logout":
            client = client_of(who, world)
    assert wrong == {}
    assert everything() == before


@pytest.mark.parametrize("who", EACH)
def test_each_action_is_done_for_whom_the_table_names_alone(who: str, world: SimpleNamespace):
    """By a POST made by hand, so that a button that is not shown does not help."""
    client, wrong = client_of(who, world), []
    for name, may in ACTIONS.items():
        model, action = name.split(".")
        [label] = [label for label in MODELS if label.endswith(f"_{model}")]
        path = f"/admin/{label.replace('_', '/')}/"
        before = everything()
        with transaction.atomic():
            data = {"action": action, "_selected_action": world.keys[label], "post": "yes"}
            acted(client, path, data)
            changed = everything() != before
            transaction.set_rollback(True)
        if changed != (who in may):
            wrong.append(f"{name} {'was done' if changed else 'was not done'}")
    assert wrong == []


# What the groups are.


def test_the_groups_have_what_the_table_of_roles_says(world: SimpleNamespace):
    for name in roles.ROLES:
        held = Permission.objects.filter(group__name=name)
        assert {(p.content_type.app_label, p.codename) for p in held} == roles.permissions_of(
            name
        ), (
            "A migration that adds a model, or comes with a change of the table, ends with "
            "migrations.RunPython(roles.bring_up_to_date)."
        )


def test_a_group_that_somebody_changed_is_what_the_table_says_again(world: SimpleNamespace):
    Group.objects.get(name=EDITOR).permissions.set(Permission.objects.all())
    Group.objects.filter(name=TEACHER).delete()
    for _ in range(2):
        roles.bring_up_to_date(apps, SimpleNamespace(connection=connection))
    test_the_groups_have_what_the_table_of_roles_says(world)
