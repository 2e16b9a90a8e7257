"""What the evaluation of a class asks, page by page, and what its answers add up to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from courses.models import ScheduledClass
from registrations.models import Evaluation

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"

#: The five points in words, the best first. The number is what is counted.
POINTS: list[tuple[int, Text]] = [
    (5, _("Fully")),
    (4, _("Mostly")),
    (3, _("Partly")),
    (2, _("A little")),
    (1, _("Not at all")),
]

#: With fewer answers nothing is shown: it would be too easy to guess whose they are.
FEWEST = 5


@dataclass(frozen=True)
class Question:
    """One item. Those in the person's own words can stay empty; the others take a point."""

    name: str
    label: Text
    #: What somebody is asked to do who left it out; empty: `Choose how far` with the label.
    choose: str = ""
    in_words: bool = False


@dataclass(frozen=True)
class Page:
    name: str
    heading: Text
    words: Text
    questions: list[Question]


OBJECTIVES, CLASS, WORDS = "objectives", "class", "words"

#: Whether the technology or the room worked, by how the class is held.
SETTING: dict[str, Text] = {
    ScheduledClass.Delivery.ONLINE: _("The technology worked"),
    ScheduledClass.Delivery.IN_PERSON: _("The room was right for the class"),
    ScheduledClass.Delivery.BOTH: _("The room, or the technology, was right for the class"),
}

IN_WORDS = [
    Question("missing", _("What was missing?"), in_words=True),
    Question("comments", _("What else would you like to say?"), in_words=True),
]


def objective_questions(scheduled_class: ScheduledClass) -> list[Question]:
    """One for each objective, from the rows that the course page shows."""
    rows = scheduled_class.course.objectives.all()
    choose = _now("Choose how far you reached objective %(number)s")
    return [
        Question(
            f"objective_{row.pk}",
            format_html("{}. {}", number, row.text),
            choose % {"number": number},
        )
        for number, row in enumerate(rows, start=1)
    ]


def class_questions(scheduled_class: ScheduledClass) -> list[Question]:
    return [
        Question("content", _("The content was clear and useful to me")),
        Question("teaching", _("The teaching helped me learn")),
        Question("materials", _("The materials were good")),
        Question("setting", SETTING[scheduled_class.delivery]),
        Question("described", _("The class was what its description said")),
        Question("unbiased", _("The class was free of bias and of advertising")),
    ]


def pages_of(scheduled_class: ScheduledClass) -> list[Page]:
    """The pages in order. A course without objectives has no page for them."""
    pages = [
        Page(
            OBJECTIVES,
            _("The objectives"),
            _("These are the objectives of the class. How far did you reach each one?"),
            objective_questions(scheduled_class),
        ),
        Page(
            CLASS,
            _("The class itself"),
            _("How far is each sentence true for you?"),
            class_questions(scheduled_class),
        ),
        Page(
            WORDS,
            _("In your own words"),
            _(
                "You can leave both empty. Please write no names and no health details, neither "
                "yours nor of others."
            ),
            IN_WORDS,
        ),
    ]
    return [page for page in pages if page.questions]


def questions_of(scheduled_class: ScheduledClass) -> list[Question]:
    return [one for page in pages_of(scheduled_class) for one in page.questions]


def missing_in(page: Page, answers: dict[str, int | str]) -> bool:
    """Whether a question of the page that needs an answer has none."""
    return any(one.name not in answers for one in page.questions if not one.in_words)


def next_page(pages: list[Page], answers: dict[str, int | str]) -> Page | None:
    """The first that is not whole; None when the answers can be checked and sent."""
    return next((page for page in pages if missing_in(page, answers)), None)


# What they add up to.


@dataclass(frozen=True)
class Item:
    """How many chose each point, in the order of `POINTS`."""

    label: str
    counts: list[int]

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float:
        points = (point for point, _words in POINTS)
        return sum(point * count for point, count in zip(points, self.counts, strict=True)) / max(
            self.answers, 1
        )


@dataclass(frozen=True)
class Summary:
    """What staff and a board may see of one class. Below `FEWEST` it is the number alone."""

    people: int
    objectives: list[Item] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    words: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return self.people >= FEWEST


def summary_of(scheduled_class: ScheduledClass) -> Summary:
    """The same three queries for 5 people and for 500."""
    kept = Evaluation.objects.filter(scheduled_class=scheduled_class).first()
    if kept is None or kept.people < FEWEST:
        return Summary(kept.people if kept else 0)
    return Summary(
        kept.people,
        [Item(text, counts) for text, counts in objectives_in_order(scheduled_class, kept)],
        [
            Item(str(one.label), kept.items[one.name])
            for one in class_questions(scheduled_class)
            if one.name in kept.items
        ],
        [(str(one.label), kept.words.get(one.name, [])) for one in IN_WORDS],
    )


def objectives_in_order(
    scheduled_class: ScheduledClass, kept: Evaluation
) -> Iterator[tuple[str, list[int]]]:
    """As on the course page; then those that read otherwise when they were answered."""
    now = list(scheduled_class.course.objectives.values_list("text_en", flat=True))
    texts = [
        *(text for text in now if text in kept.objectives),
        *sorted(set(kept.objectives) - {*now}),
    ]
    yield from ((text, kept.objectives[text]) for text in texts)
