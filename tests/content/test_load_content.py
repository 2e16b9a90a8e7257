import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import translation

from content.models import Page, Section, SiteSettings
from content.translated import TranslatedWords
from courses.models import Course, CourseApproval, Objective

pytestmark = pytest.mark.django_db


def load() -> None:
    call_command("load_content", verbosity=0)


def test_the_sections_of_the_course_page_stand_in_the_order_of_the_real_one():
    load()
    sections = Page.objects.get(slug="course").sections.values_list("heading_en", "kind")
    assert list(sections) == [
        ("Upcoming classes", "classes"),
        ("Benzodiazepine-Induced Neurological Dysfunction (BIND)", "words"),
        ("Course details", "course_details"),
        ("Origins of the course", "words"),
        ("Benzodiazepine Action Work Group (BAWG)", "words"),
    ]


def test_the_course_has_its_hours_credits_and_rule_as_three_facts():
    load()
    course = Course.objects.get()
    assert course.title == "Recovering from Benzodiazepines for Peer Specialists"
    assert (course.contact_minutes, course.credits, course.attendance_percent) == (720, 12, 100)
    assert not course.evaluation_required


def test_what_is_not_known_about_the_approval_stays_empty():
    load()
    approval = CourseApproval.objects.get()
    assert (approval.body, approval.number, approval.credits) == ("COPA/CPFS", "", 12)
    assert (approval.valid_from, approval.valid_until) == (None, None)


def test_the_safety_words_are_a_draft_that_waits_for_approval():
    load()
    settings = SiteSettings.objects.get()
    assert settings.safety_approved_by == ""
    for words in ["no medical advice", "Do not stop", "911", "988"]:
        assert words in settings.safety_words


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("Peer Support Training <training@consortium.edu>", "training@consortium.edu"),
        ("training@consortium.edu", "training@consortium.edu"),
        ("Peer Support Training <training@example.org>", ""),
        ("Peer Support Training <training@site.invalid>", ""),
        ("webmaster@localhost", ""),
    ],
)
def test_the_sender_of_the_mail_is_who_helps_when_the_address_leads_somewhere(
    settings: LazySettings, sender: str, shown: str
):
    settings.DEFAULT_FROM_EMAIL = sender
    load()
    assert SiteSettings.objects.get().help_email == shown


def test_a_second_time_nothing_is_written_over_what_staff_changed():
    load()
    Page.objects.update(title_en="Ours")
    Section.objects.filter(heading_en="Origins of the course").delete()
    SiteSettings.objects.update(notice_en="<p>Ours</p>")
    Course.objects.update(title_en="Ours")
    Objective.objects.all().delete()
    before = everything()
    load()
    assert everything() == before
    assert SiteSettings.objects.get().notice == "<p>Ours</p>"


def everything() -> list[list[tuple[object, ...]]]:
    models = [Page, Section, SiteSettings, Course, Objective, CourseApproval]
    return [list(model._default_manager.order_by("pk").values_list()) for model in models]


def test_a_page_that_is_missing_comes_back_and_the_others_stay():
    load()
    Page.objects.filter(slug="course").update(title_en="Ours")
    Page.objects.filter(slug="privacy").delete()
    load()
    titles = dict(Page.objects.values_list("slug", "title_en"))
    assert titles == {
        "course": "Ours",
        "privacy": "What we know about you",
        "accessibility": "Using this site your way",
    }


def test_all_there_is_to_read_is_there_in_spanish():
    load()
    rows: list[TranslatedWords] = [*SiteSettings.objects.all(), *Page.objects.all()]
    rows += [*Section.objects.all(), *Course.objects.all(), *Objective.objects.all()]
    assert [name for row in rows for name in row.missing_in_spanish()] == []
    with translation.override("es"):
        words = SiteSettings.objects.get().safety_words
    for part in [
        "no da consejos médicos",
        "No deje de tomar una benzodiazepina de golpe",
        "911",
        "988",
    ]:
        assert part in words


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_loaded_is_clean_already(times: int, language: str):
    for _ in range(times):
        load()
    for page in Page.objects.all():
        page.full_clean()
    with translation.override(language):
        for section in Section.objects.all():
            before = section.body
            section.full_clean()
            assert section.body == before


def test_what_the_privacy_page_promises_about_time_is_what_the_site_does():
    from registrations import retention
    from registrations.views.registering import SENT_SECONDS

    load()
    page = Page.objects.get(slug="privacy")
    words = " ".join(section.body for section in page.sections.all())
    months = ["your phone number: erased 30 days after", "erased 30 days after the time to answer"]
    years = ["all you wrote is erased 1 year after", "your address is erased 1 year after"]
    for promise in [*months, *years, "certificates stay for 7 years"]:
        assert promise in words
    times = [rule.time for rule in retention.RULES[:5]]
    assert [str(time) for time in times] == ["30 days", "30 days", "1 year", "1 year", "7 years"]
    assert "in your own browser for an hour" in words
    assert SENT_SECONDS == 3600
    with translation.override("es"):
        spanish = " ".join(section.body for section in page.sections.all())
    months = ["su teléfono: se borran 30 días después", "se borra 30 días después de que termine"]
    years = ["todo lo que escribió se borra 1 año después", "su dirección se borra 1 año después"]
    for promise in [*months, *years, "los certificados se guardan 7 años", "durante una hora"]:
        assert promise in spanish
