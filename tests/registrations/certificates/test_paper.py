import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
import zxingcpp

from content import typesetting
from registrations.certificates.paper import Line, certificate_pdf, preview_pdf, restored
from tests.registrations.certificates.papers import (
    ISSUED,
    make_facts,
    make_png,
    picture_of,
    plain,
    read_back,
)

NAMES = {
    "Vietnamese": "Nguyễn Thị Minh Khai",
    "Arabic": "محمد عبد الله",
    "Chinese": "王小明",
    "Japanese": "田中 さくら",
    "Korean": "김철수",
    "Cyrillic": "Иван Петров",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Hebrew": "דוד כהן",
    "Devanagari": "राम शर्मा",
    "Thai": "สมชาย",
    "Georgian": "ნინო",
    "Navajo": "Shándíín Tł’ízí",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_fact_can_be_read_back_from_one_page(name: str):
    facts = make_facts(name, replaces="Replacement of certificate K7QD-2M9X-T4R8")
    text = read_back(certificate_pdf(facts, make_png(), ISSUED))
    assert [words for words in facts.words() if plain(words) not in text] == []


def test_the_same_facts_give_the_same_bytes():
    facts = make_facts()
    assert certificate_pdf(facts, make_png(), ISSUED) == certificate_pdf(facts, make_png(), ISSUED)


def test_facts_come_back_from_the_database_as_they_went_in():
    facts = make_facts(NAMES["Arabic"])
    assert restored(facts.stored()) == facts


def test_screen_readers_find_tags_language_title_and_what_the_pictures_say():
    facts = make_facts()
    with pikepdf.open(io.BytesIO(certificate_pdf(facts, make_png(), ISSUED))) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert not root.MarkInfo.Suspects
        assert root.Lang == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Certificate of Completion: Ana Ruiz"
        tags = list(tags_under(root.StructTreeRoot.K))
        names = {str(tag.S) for tag in tags}
        assert names - set(root.StructTreeRoot.RoleMap.keys()) <= STANDARD_TAGS
        pictures = [str(tag.Alt) for tag in tags if tag.S == "/Figure"]
        assert pictures == ["Signature: Robin Vale, CPFS", f"QR code: {facts.address}"]
        labels = [tag for tag in tags if tag.S == "/Lbl"]
        assert len(labels) == len(facts.lines)
        page = pdf.pages[0]
        assert page.obj.Tabs == "/S"
        for font in page.Resources.Font.values():
            about = font.DescendantFonts[0].FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(about.keys()), font.BaseFont
            assert "/ToUnicode" in font


STANDARD_TAGS = {"/Document", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Div", "/Figure", "/Span"}


def tags_under(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from tags_under(one)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from tags_under(node.get("/K"))


def test_the_code_on_the_page_opens_its_address():
    facts = make_facts()
    found = zxingcpp.read_barcodes(picture_of(certificate_pdf(facts, make_png(), ISSUED)))
    assert [code.text for code in found] == [facts.address]


def test_a_preview_says_so_and_has_no_code():
    facts = make_facts(number="No number yet")
    pdf = preview_pdf(facts, make_png(), "PREVIEW", ISSUED)
    assert "PREVIEW" in read_back(pdf)
    assert zxingcpp.read_barcodes(picture_of(pdf)) == []


@pytest.mark.parametrize(
    "name", ['"); panic("x', "#set text(red)", "*a* _b_ $x$ <c> @d \\n", "-- ..."]
)
def test_what_somebody_typed_is_words_and_nothing_else(name: str):
    assert plain(name) in read_back(certificate_pdf(make_facts(name), b"", ISSUED))


def test_long_facts_are_set_smaller_and_stay_on_the_page():
    teachers = "\n".join(f"Teacher Number {number}, CPFS, LAC, PhD" for number in range(12))
    long = Line("instructors", "Instructors", teachers)
    facts = make_facts("Maximiliana Fernanda de la Concepción " * 2)
    facts = replace(facts, course="A Course With a Long Title " * 7, lines=(*facts.lines, long))
    text = read_back(certificate_pdf(facts, make_png(), ISSUED))
    assert [words for words in facts.words() if plain(words) not in text] == []


def test_what_fits_on_no_page_is_refused():
    long = Line("instructors", "Instructors", "\n".join(["Somebody"] * 200))
    with pytest.raises(typesetting.CannotSet):
        certificate_pdf(replace(make_facts(), lines=(long,)), b"", ISSUED)


@pytest.mark.parametrize(
    ("name", "missing"),
    [("Ana Ruiz", ""), (NAMES["Arabic"], ""), ("தமிழ்", "தமிழ்"), ("Ana 😀", "😀"), ("Հայ", "Հայ")],
)
def test_characters_without_a_letter_shape_are_named_and_never_printed_as_boxes(
    name: str, missing: str
):
    assert set(typesetting.missing_glyphs(name)) == set(missing)
    if missing:
        with pytest.raises(typesetting.NoGlyph):
            certificate_pdf(make_facts(name), b"", ISSUED)


def test_a_picture_that_cannot_be_read_is_known_before_it_is_printed():
    assert typesetting.is_readable_png(make_png())
    assert not typesetting.is_readable_png(make_png()[:60])
    assert not typesetting.is_readable_png(b"<svg/>")
