"""The colours of letters, in the light and the dark of whoever reads them."""

import re
from html.parser import HTMLParser

import pytest
from django.core.management import call_command

from registrations.letters.preview import preview
from registrations.letters.words import WORDS, words_of
from tests.browser.states.public import with_all_there_is_to_say
from tests.factories import NOW
from tests.look.test_tokens import LEAST_FOR_TEXT, MOST_FOR_TEXT, contrast

VOID = {"br", "hr", "img", "meta"}

#: An element as the sheet sees it: its own name and classes.
Element = set[str]
Rules = list[tuple[list[str], dict[str, str]]]


def colours_in(declarations: str) -> dict[str, str]:
    return dict(re.findall(r"(?<![\w-])(background|color): ?(#[0-9a-f]{6})", declarations))


def rules_of(block: str) -> Rules:
    """Each selector as its parts, the weakest first, and the colours that it gives."""
    rules = [
        (selector.split(), colours_in(declarations))
        for selectors, declarations in re.findall(r"^([^{}@:]+) \{([^}]*)\}", block, re.MULTILINE)
        for selector in selectors.split(",")
    ]
    return sorted(rules, key=lambda rule: sum(part.startswith(".") for part in rule[0]))


class Letter(HTMLParser):
    """Reads a letter and notes the colours of all that it says, as (words, colour, field)."""

    def __init__(self, html: str, *, dark: bool) -> None:
        super().__init__()
        light_rules, dark_rules = html.partition("<style>")[2].split("</style>")[0].split("@media")
        self.light, self.dark = rules_of(light_rules), rules_of(dark_rules) if dark else []
        self.open: list[tuple[str, Element, dict[str, str]]] = []
        self.said: list[tuple[str, str, str]] = []
        self.feed("<body" + html.partition("<body")[2].partition("</html>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = {name: value or "" for name, value in attrs}
        element = {tag, *(f".{name}" for name in given.get("class", "").split())}
        colours = dict(self.open[-1][2]) if self.open else {}
        inline: Rules = [([], colours_in(given.get("style", "")))]
        for rules in (self.light, inline, self.dark):
            for parts, found in rules:
                if self.meets(element, parts):
                    colours |= found
        self.open.append((tag, element, colours))

    def meets(self, element: Element, parts: list[str]) -> bool:
        around = set().union(*(seen for _, seen, _ in self.open))
        return not parts or (parts[-1] in element and set(parts[:-1]) <= around)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            colours = self.open[-1][2]
            self.said.append((data.strip(), colours["color"], colours["background"]))


@pytest.mark.django_db
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_letters_are_readable_and_do_not_glare(*, dark: bool):
    call_command("load_content", verbosity=0)
    scheduled_class = with_all_there_is_to_say()
    pairs: dict[tuple[str, str], str] = {}
    for kind in WORDS:
        letter = preview(kind, words_of(kind), scheduled_class, NOW)["html"]
        pairs |= {(ink, field): words for words, ink, field in Letter(letter, dark=dark).said}
    assert len(pairs) >= 4
    ratios = {(*pair, words): contrast(*pair) for pair, words in pairs.items()}
    wrong = {p: r for p, r in ratios.items() if not LEAST_FOR_TEXT <= r <= MOST_FOR_TEXT}
    assert wrong == {}
