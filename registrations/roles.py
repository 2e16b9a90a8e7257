"""What each role may do at the staff desk: the one table of it.

A role is a group of the same name; a person can have several, and a superuser has all and alone
gives them out. Migrations bring the groups to what stands here: one that adds a model, or comes
with a change of this table, ends with `migrations.RunPython(roles.bring_up_to_date)`.
"""

from typing import Any

from django.contrib.auth.management import create_permissions

CLASS_STAFF = "class staff"
CONTENT_EDITOR = "content editor"
INSTRUCTOR = "instructor"

#: `add change delete view` of a model, or the name of a permission of its own.
ROLES: dict[str, dict[str, str]] = {
    CLASS_STAFF: {
        "courses.course": "view",
        "courses.objective": "view",
        "courses.courseapproval": "view",
        "courses.coursedomain": "view",
        "courses.courseinstructor": "view",
        "courses.instructor": "add change view",
        "courses.scheduledclass": "add change delete view",
        "courses.classsession": "add change delete view",
        "registrations.registration": "change view export_registration",
        "registrations.registrationevent": "view",
        "registrations.attendance": "change view",
        "registrations.evaluation": "view",
        "registrations.letter": "change view",
        "registrations.lettertext": "add change delete view",
        "registrations.interestsignup": "delete view",
        "registrations.message": "add view",
        "registrations.certificate": "add change view",
        "registrations.auditfile": "add view",
        "content.provider": "add change view",
    },
    CONTENT_EDITOR: {
        "content.sitesettings": "add change view",
        "content.page": "add change delete view",
        "content.provider": "add change view",
        "content.section": "add change delete view",
        "courses.course": "add change delete view",
        "courses.objective": "add change delete view",
        "courses.courseapproval": "add change delete view",
        "courses.coursedomain": "add change delete view",
        "courses.courseinstructor": "add change delete view",
        "courses.instructor": "add change delete view",
    },
    # Names and access needs in the classes that they teach, on pages of their own.
    INSTRUCTOR: {"registrations.registration": "teach_class"},
}


def permissions_of(role: str) -> set[tuple[str, str]]:
    """(room, codename) of each permission."""
    found = set()
    for model, verbs in ROLES[role].items():
        room, name = model.split(".")
        found |= {(room, verb if "_" in verb else f"{verb}_{name}") for verb in verbs.split()}
    return found


def bring_up_to_date(apps: Any, schema_editor: Any) -> None:
    """The groups have what the table says, of the models that there are by now.

    Permissions are made by Django after the last migration only, so they are made here before.
    """
    database = schema_editor.connection.alias
    for app in apps.get_app_configs():
        # In a migration an app has no module of models, and without one Django passes it by.
        module, app.models_module = getattr(app, "models_module", None), True
        create_permissions(app, verbosity=0, using=database, apps=apps)
        app.models_module = module
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    by_name = {
        (p.content_type.app_label, p.codename): p
        for p in permissions.select_related("content_type")
    }
    for role in ROLES:
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=role)
        known = permissions_of(role) & by_name.keys()
        group.permissions.set(by_name[name] for name in known)
