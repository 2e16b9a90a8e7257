"""content <- courses <- registrations <- bawg_site: a room reaches only to its left.

Not by an import, not by a reverse accessor or a lookup through one, not by the name of an address,
a template or a library of template tags.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.template import Engine

ROOMS = ["content", "courses", "registrations", "bawg_site"]
ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"

#: The room of a template by its folder. What stands in no folder of a room serves every room.
FOLDERS = {room: room for room in ROOMS} | {"letters": "registrations"}

#: The room of an address by its namespace. A name without one is the site's own.
NAMESPACES = {room: room for room in ROOMS} | {"admin": "bawg_site", "": "bawg_site"}

#: A part of the site's frame that a room may set in its place with its own words.
FRAME = {"includes/display.html"}


def is_right_of(other: str | None, room: str) -> bool:
    return other in ROOMS and ROOMS.index(other) > ROOMS.index(room)


@cache
def accessors(room: str) -> set[str]:
    """The names by which the models of this room, and left of it, know models right of it."""
    names = set()
    for model in apps.get_models():
        if model._meta.app_label in ROOMS and not is_right_of(model._meta.app_label, room):
            for relation in model._meta.related_objects:
                if is_right_of(relation.related_model._meta.app_label, room):
                    names |= {relation.name, relation.get_accessor_name() or relation.name}
    return names


# Python.


def reaches_in_python(room: str, source: str) -> list[str]:
    """What this room's source names that lies to its right."""
    nodes = ast.walk(ast.parse(source))
    return [name for node in nodes for kind, name in named(node) if reaches(room, kind, name)]


def named(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Import(names=names):
            yield from (("import", alias.name) for alias in names)
        case ast.ImportFrom(module=str(module)):
            yield "import", module
        case ast.Attribute(attr=name):
            yield "lookup", name
        case ast.keyword(arg=str(name)):
            yield "lookup", name
        case ast.Constant(value=str(text)):
            yield "string", text


def reaches(room: str, kind: str, name: str) -> bool:
    right = [other for other in ROOMS if is_right_of(other, room)]
    if kind == "import":
        return name.partition(".")[0] in right
    paths = tuple(f"{other}{mark}" for other in right for mark in ".:")
    if kind == "string" and name.startswith(paths):
        return True
    return bool(re.fullmatch(r"-?\w+", name) and accessors(room) & {*name.strip("-").split("__")})


# Templates.

TAG = re.compile(r"""{%\s*(url|include|extends)\s+["']([^"']+)["']""")
LOAD = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")
EXPRESSION = re.compile(r"{[{%](.*?)[%}]}", re.DOTALL)


def reaches_in_template(room: str, source: str) -> list[str]:
    """What this room's template names that lies to its right, and what its fragments name."""
    found = [name for name in lookups(source) if name in accessors(room)]
    found += [library for library in libraries(source) if is_right_of(room_of(library), room)]
    for tag, name in TAG.findall(source):
        if tag == "url":
            namespace = name.rpartition(":")[0]
            found += [name] if is_right_of(NAMESPACES.get(namespace), room) else []
        elif is_right_of(FOLDERS.get(name.split("/")[0]), room):
            found.append(name)
        elif tag == "include" and name.startswith("includes/") and name not in FRAME:
            found += reaches_in_template(room, (TEMPLATES / name).read_text())
    return found


def lookups(source: str) -> list[str]:
    return [name for part in EXPRESSION.findall(source) for name in re.findall(r"\.(\w+)", part)]


def libraries(source: str) -> list[str]:
    return [name for names in LOAD.findall(source) for name in names.split()]


def room_of(library: str) -> str:
    module: str = Engine.get_default().libraries.get(library, "")
    return module.partition(".")[0]


# The house.

PYTHON = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PAGES = sorted(
    path
    for path in TEMPLATES.rglob("*.*")
    if path.relative_to(TEMPLATES).parts[0] in FOLDERS and path.suffix in {".html", ".txt"}
)


def test_no_module_reaches_to_its_right():
    found = {}
    for path in PYTHON:
        name = path.relative_to(ROOT)
        found[str(name)] = reaches_in_python(name.parts[0], path.read_text())
    assert {name: reaches for name, reaches in found.items() if reaches} == {}


def test_no_template_reaches_to_its_right():
    found = {}
    for path in PAGES:
        name = path.relative_to(TEMPLATES)
        found[str(name)] = reaches_in_template(FOLDERS[name.parts[0]], path.read_text())
    assert {name: reaches for name, reaches in found.items() if reaches} == {}


def test_the_rooms_have_something_to_look_at():
    assert {path.relative_to(ROOT).parts[0] for path in PYTHON} == set(ROOMS)
    assert len(PAGES) > 10
    assert "registrations" in accessors("courses")
    assert accessors("bawg_site") == set()


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("content", "import courses"),
        ("content", "from courses.models import Course"),
        ("courses", "def late():\n    from registrations.services import seats"),
        ("registrations", "from bawg_site.display import Display"),
        ("courses", "import_module('registrations.models')"),
        ("courses", "apps.get_model('registrations', 'Registration')"),
        ("courses", "scheduled_class.registrations.count()"),
        ("courses", "ScheduledClass.objects.filter(registrations__status='confirmed')"),
        ("courses", "queryset.order_by('-registrations__created_at')"),
        ("courses", "queryset.prefetch_related('registrations')"),
        ("courses", "reverse('registrations:register', args=[slug])"),
        ("content", "reverse('courses:classes')"),
    ],
)
def test_a_module_that_reaches_right_is_found(room: str, source: str):
    assert reaches_in_python(room, source) != []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("registrations", "from courses.models import Seats\nfrom content.services import page"),
        ("registrations", "scheduled_class.registrations.count()"),
        ("registrations", "reverse('courses:class')"),
        ("courses", "'''Only registrations.services.seats writes it.'''"),
        ("courses", "_('Registration opens.')"),
        ("bawg_site", "from registrations.models import Letter"),
    ],
)
def test_a_module_that_reaches_left_is_fine(room: str, source: str):
    assert reaches_in_python(room, source) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("courses", "{% url 'registrations:register' slug %}"),
        ("content", '{% url "courses:classes" as there %}'),
        ("registrations", "{% url 'display' %}"),
        ("courses", "{% url 'admin:index' %}"),
        ("courses", '{% include "registrations/includes/give_up.html" only %}'),
        ("courses", '{% include "letters/letter.html" %}'),
        ("content", '{% extends "courses/course.html" %}'),
        ("courses", "{{ scheduled_class.registrations.count }}"),
        ("courses", "{% for person in scheduled_class.registrations.all %}{% endfor %}"),
    ],
)
def test_a_template_that_reaches_right_is_found(room: str, source: str):
    assert reaches_in_template(room, source) != []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("registrations", "{% url 'courses:class' slug %}"),
        ("courses", '{% extends "base.html" %}'),
        ("registrations", '{% include "courses/includes/seats.html" %}'),
        ("courses", "{{ registrations }} {{ scheduled_class.seats.free }}"),
    ],
)
def test_a_template_that_reaches_left_is_fine(room: str, source: str):
    assert reaches_in_template(room, source) == []


def test_a_fragment_for_all_is_read_as_part_of_the_room_that_includes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.test_arrows.TEMPLATES", tmp_path)
    (tmp_path / "includes").mkdir()
    (tmp_path / "includes" / "row.html").write_text("{% url 'registrations:register' slug %}")
    page = '{% include "includes/row.html" with slug=slug only %}'
    assert reaches_in_template("courses", page) == ["registrations:register"]
    assert reaches_in_template("registrations", page) == []
