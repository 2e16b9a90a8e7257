"""The course the site starts with, from `course.toml` and `course.es.toml` into the database."""

import tomllib
from pathlib import Path
from typing import Any

from courses.models import Course, CourseApproval, Objective

COURSE = Path(__file__).parent / "course.toml"
SPANISH_COURSE = Path(__file__).parent / "course.es.toml"


def load_course() -> list[str]:
    """Write the course when there is none yet. Returns the names of what was new."""
    if Course.objects.exists():
        return []
    course, spanish = written(COURSE), written(SPANISH_COURSE)
    objectives, approvals = course.pop("objectives"), course.pop("approvals")
    row = Course.objects.create(**course, title_es=spanish["title"])
    pairs = zip(objectives, spanish["objectives"], strict=True)
    Objective.objects.bulk_create(
        Objective(course=row, position=position, text_en=text, text_es=text_in_spanish)
        for position, (text, text_in_spanish) in enumerate(pairs, start=1)
    )
    CourseApproval.objects.bulk_create(
        CourseApproval(course=row, position=position, **approval)
        for position, approval in enumerate(approvals, start=1)
    )
    return ["course details"]


def written(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
