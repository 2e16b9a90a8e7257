"""What happened to people, in sentences; and what was done lately on the whole site."""

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from content.history import words
from content.history.models import By, Change, ChangeQuerySet
from content.history.words import Difference, Entry
from courses import zones
from courses.models import ScheduledClass
from registrations.models import Registration, RegistrationEvent

Status = Registration.Status

#: Of these details history keeps old and new: a name stands on papers, and a role is counted. Of
#: all others it keeps that they changed, never what they were.
KEPT_WORDS = {"full_name", "role"}

#: One for each person of a cancelled class: the class's own history says it once.
CLASS_CANCELLED = "class cancelled"


#: What was noted of a person while seat and place stayed as they were.
NOTED = {
    "address answered": _lazy("%(name)s pressed the button in the mail"),
    "mail came back": _lazy("Mail to %(name)s came back"),
}


def details_changed(old: Registration, new: dict[str, str]) -> dict[str, list[str]]:
    """For `RegistrationEvent.changes`: old and new of what is kept, and the names of the rest."""
    return {
        name: [getattr(old, name), value] if name in KEPT_WORDS else []
        for name, value in new.items()
    }


def what_happened(event: RegistrationEvent) -> str:
    """`Ana cancelled the seat of Maria Lopez`"""
    said = {
        "who": words.who(event.by, event.by_user),
        "name": str(event.registration),
        "why": event.why,
    }
    by_staff = event.by == By.STAFF
    if event.changes:
        said["details"] = words.listed(
            words.in_a_sentence(label) for label in labels(event.changes).values()
        )
        sentence = _("%(who)s changed the %(details)s of %(name)s")
        return (sentence if by_staff else _("%(name)s changed their %(details)s")) % said
    if event.from_status == event.to_status:
        noted = _("%(name)s: %(why)s") if event.why else _("Details of %(name)s were noted")
        return str(NOTED.get(event.why, noted)) % said
    return (sentence_by_staff(event) if by_staff else sentence_by_others(event)) % said


def why(event: RegistrationEvent) -> str:
    """The reason, where the sentence does not say it already."""
    return "" if event.from_status == event.to_status else event.why


def sentence_by_staff(event: RegistrationEvent) -> str:
    match event.to_status:
        case Status.CONFIRMED:
            return _("%(who)s gave %(name)s a seat")
        case Status.WAITLISTED:
            return _("%(who)s put %(name)s in line")
        case Status.CANCELLED:
            return _("%(who)s cancelled the seat of %(name)s")
        case Status.DECLINED:
            return _("%(who)s took %(name)s off the line")
    return sentence_by_others(event)


def sentence_by_others(event: RegistrationEvent) -> str:
    match event.to_status:
        case Status.OFFERED:
            return _("A seat was held for %(name)s")
        case Status.CONFIRMED:
            return _("%(name)s took the seat")
        case Status.WAITLISTED if event.from_status == Status.OFFERED:
            return _("%(name)s went back into the line")
        case Status.WAITLISTED:
            return _("%(name)s came into the line")
        case Status.CANCELLED:
            return _("The seat of %(name)s was cancelled")
        case Status.DECLINED:
            return _("%(name)s left")
    return _("%(name)s did not answer in time")


def labels(changes: dict[str, list[str]]) -> dict[str, str]:
    """The names of the details as people read them, in one order on both databases."""
    return {
        field.name: str(field.verbose_name)
        for field in Registration._meta.concrete_fields
        if field.name in changes
    }


def entry(event: RegistrationEvent) -> Entry:
    """With old and new of what is kept. `event.registration` comes with its class."""
    zone = event.registration.scheduled_class.zone
    return Entry(
        at=event.at,
        what=what_happened(event),
        when=zones.full_moment(event.at, zone),
        why=why(event),
        opens=_("Old and new"),
        differences=[
            Difference(name, label, words.marked_words(*event.changes[name]))
            for name, label in labels(event.changes).items()
            if event.changes[name]
        ],
    )


def lately(user: User, count: int = 10) -> list[Entry]:
    """What was done last, the newest first, for the admin's first page: two queries.

    The words, the course and the classes as far as the user may look at them, but for what came
    with the site. What staff did to people, and seats that people gave up, for those who may look
    at people. Each entry has its `sentence`, the moment `at`, and a `url` (empty when the thing is
    gone).
    """
    changes = changes_for(user).exclude(by=By.SITE).select_related("by_user").order_by("-pk")
    entries = [words.short_entry(change, url=path_of(change)) for change in changes[:count]]
    if user.has_perm("registrations.view_registration"):
        entries += [event_entry(event) for event in newest(count)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:count]


def changes_for(user: User) -> ChangeQuerySet:
    visible = [
        model._meta.label_lower
        for model in apps.get_models()
        if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]
    return Change.objects.filter(owner__in=visible)


def newest(count: int) -> QuerySet[RegistrationEvent]:
    """What is worth telling. Found by keys: SQLite would first join all people of all classes."""
    given_up = Q(by=By.PERSON, from_status=Status.CONFIRMED, to_status=Status.CANCELLED)
    events = RegistrationEvent.objects.filter(Q(by=By.STAFF) | given_up)
    keys = events.exclude(why=CLASS_CANCELLED).order_by("-pk").values("pk")[:count]
    related = RegistrationEvent.objects.select_related("by_user", "registration__scheduled_class")
    return related.filter(pk__in=keys).order_by("-pk")


def event_entry(event: RegistrationEvent) -> Entry:
    url = reverse("admin:registrations_registration_change", args=[event.registration_id])
    return Entry(
        at=event.at, what=what_happened(event), when=words.mountain_time(event.at), url=url
    )


def path_of(change: Change) -> str:
    """Where staff see it now; nowhere when it was deleted."""
    if change.kind == Change.Kind.DELETED and change.what == change.owner:
        return ""
    if change.owner == ScheduledClass._meta.label_lower:
        return reverse("admin:courses_scheduledclass_overview", args=[change.owner_key])
    return reverse(f"admin:{change.owner.replace('.', '_')}_change", args=[change.owner_key])
