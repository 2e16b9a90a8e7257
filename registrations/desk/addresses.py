"""Where things are done at the desk."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse

from courses.models import ScheduledClass
from registrations.models import Certificate, Registration


def class_page(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_overview", args=[scheduled_class.pk])


def class_form(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_change", args=[scheduled_class.pk])


def publishing(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_publish", args=[scheduled_class.pk])


def taking_off(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_take_off", args=[scheduled_class.pk])


def cancelling(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_cancel", args=[scheduled_class.pk])


def copying(scheduled_class: ScheduledClass) -> str:
    return f"{scheduling()}?from={scheduled_class.pk}"


def scheduling() -> str:
    """A new class, from the last one."""
    return reverse("admin:courses_scheduledclass_copy")


def numbers(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_numbers", args=[scheduled_class.pk])


def certificates(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_certificates", args=[scheduled_class.pk])


def certificate(issued: Certificate) -> str:
    return reverse("admin:registrations_certificate_change", args=[issued.pk])


def provider() -> str:
    return reverse("admin:content_provider_changelist")


def evaluation(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_evaluation", args=[scheduled_class.pk])


def audit(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_audit", args=[scheduled_class.pk])


def announcing(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:courses_scheduledclass_announce", args=[scheduled_class.pk])


def finding() -> str:
    return reverse("admin:registrations_registration_find")


def of_class(step: str) -> Callable[[ScheduledClass], str]:
    """A page about all people of a class: `add_person`, `export` or `sheet`."""
    name = f"admin:registrations_registration_{step}"
    return lambda scheduled_class: reverse(name, args=[scheduled_class.pk])


def attendance(scheduled_class: ScheduledClass) -> str:
    return attendance_of(scheduled_class.pk)


def attendance_of(scheduled_class: int) -> str:
    return reverse("admin:courses_scheduledclass_attendance", args=[scheduled_class])


def own_attendance(scheduled_class: ScheduledClass) -> str:
    """The same grid for whoever teaches the class."""
    name = "admin:registrations_registration_own_attendance"
    return reverse(name, args=[scheduled_class.pk])


def people(scheduled_class: ScheduledClass | None = None, **filters: str) -> str:
    """The list of people: of one class, or of all."""
    if scheduled_class:
        filters = {"class": str(scheduled_class.pk)} | filters
    return listed("registrations_registration", filters)


def person(registration: Registration) -> str:
    return reverse("admin:registrations_registration_change", args=[registration.pk])


def writing(scheduled_class: ScheduledClass) -> str:
    return reverse("admin:registrations_message_write_to_class", args=[scheduled_class.pk])


def letters(**filters: str) -> str:
    return listed("registrations_letter", filters)


def listed(name: str, filters: dict[str, str]) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse(f"admin:{name}_changelist") + query
