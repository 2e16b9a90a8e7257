"""What an audit file says of the class, and what people said of it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.publishing import covers
from registrations import charts
from registrations.audit.contents import Bar, Chart, Section, Table
from registrations.audit.rows import Rows, day_name
from registrations.evaluation import FEWEST, POINTS, Item
from registrations.services.certificates.drawing_up import held, on_paper


def outline(kept: Rows) -> Section:
    of_class, course = kept.scheduled_class, kept.course
    facts = [
        (_("Course"), course.title),
        (_("Title on certificates"), course.certificate_title),
        (_("Provider"), "\n".join(filter(None, [kept.provider.name, kept.provider.contact]))),
        (_("Dates"), of_class.dates),
        (_("Held"), held(of_class)),
        (_("Taught in"), str(of_class.get_language_display())),
        (_("State of the class"), str(of_class.get_status_display()).partition(":")[0]),
        (_("Hours of training"), course.hours),
        (_("CE credits"), course.plain_credits),
        (_("About the days"), of_class.about_days),
        (_("What a certificate needs"), course.completion_rule()),
    ]
    domains = [(one.name, one.plain_hours) for one in course.domains.all()]
    objectives = enumerate(course.objectives.all(), start=1)
    return Section(
        "class",
        _("Outline and objectives"),
        tables=[
            Table("03-class", (_("Fact"), _("What is recorded")), facts, (1, 3)),
            Table(
                "04-objectives",
                (_("Number"), _("Objective")),
                [(str(number), one.text) for number, one in objectives],
                (1, 9),
                _("No objectives are recorded."),
                _("Objectives"),
            ),
            Table(
                "05-domains",
                (_("Domain"), _("Hours")),
                domains,
                (3, 1),
                _("No domains are recorded."),
                _("Hours by domain"),
            ),
        ],
    )


def sessions(kept: Rows) -> Section:
    rows = [
        (day_name(one), one.day, one.hours, str(one.credit_minutes))
        for one in kept.scheduled_class.meetings
    ]
    columns = (_("Session"), _("Date"), _("Time"), _("Minutes taught, without breaks"))
    none = _("The class has no sessions.")
    return Section(
        "sessions",
        _("Sessions"),
        tables=[Table("06-sessions", columns, rows, (1, 2, 3, 2), none)],
    )


def instructors(kept: Rows) -> Section:
    rows = [(one.name, one.credentials) for one in kept.scheduled_class.teachers]
    columns = (_("Name"), _("Credentials"))
    none = _("No instructors are recorded.")
    return Section(
        "instructors",
        _("Instructors"),
        tables=[Table("07-instructors", columns, rows, (1, 1), none)],
    )


def approvals(kept: Rows) -> Section:
    meetings = kept.scheduled_class.meetings
    rows = [
        (
            one.body,
            one.number,
            one.plain_credits,
            on_paper(one.valid_from),
            on_paper(one.valid_until),
            _("Yes") if all(covers(one, day) for day in meetings) else _("No"),
        )
        for one in kept.course.approvals.all()
    ]
    columns = (
        _("Approved by"),
        _("Approval number"),
        _("CE credits"),
        _("Valid from"),
        _("Valid until"),
        _("In force on all days of the class"),
    )
    none = _("No approvals are recorded.")
    return Section(
        "approvals",
        _("Approvals"),
        tables=[Table("08-approvals", columns, rows, (2, 2, 1, 2, 2, 2), none)],
    )


def evaluations(kept: Rows) -> Section:
    summary = kept.evaluation
    count = summary.people
    sentences = [
        ngettext("%(count)s person has answered.", "%(count)s people have answered.", count)
        % {"count": count}
    ]
    if not summary.is_shown:
        words = _("Answers are shown from %(fewest)s people on.")
        return Section("evaluation", _("Evaluation"), [*sentences, words % {"fewest": FEWEST}])
    sentences.append(_("Answers are kept added up, apart from names."))
    items = [*summary.objectives, *summary.items]
    columns = (
        _("Question"),
        *(f"{point} {label}" for point, label in POINTS),
        _("Answers"),
        _("Mean of 5"),
    )
    said = [(label, text) for label, texts in summary.words for text in texts]
    return Section(
        "evaluation",
        _("Evaluation"),
        sentences,
        [
            Table(
                "15-evaluation",
                columns,
                [
                    (one.label, *map(str, one.counts), str(one.answers), f"{one.mean:.1f}")
                    for one in items
                ],
                (6, *[1.3] * len(POINTS), 1.5, 1.5),
            ),
            Table(
                "16-evaluation-comments",
                (_("Question"), _("What was written")),
                said,
                (1, 3),
                _("Nobody has written anything."),
                _("In their own words"),
            ),
        ],
        [chart(one) for one in items],
    )


def chart(item: Item) -> Chart:
    bars = [
        Bar(f"{point} {label}", count, charts.across(count, item.answers))
        for (point, label), count in zip(POINTS, item.counts, strict=True)
    ]
    return Chart(item.label, f"{item.mean:.1f}", bars)
