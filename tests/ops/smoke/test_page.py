"""Pages are read as a browser reads them, and none can end the visit."""

import pytest

from ops.smoke.page import Page

URL = "https://a.example.org/liste/?seite=2"


def page(content: str) -> Page:
    return Page(URL, content.encode())


def test_form_sends_what_the_page_suggests_and_what_is_filled_in() -> None:
    (form,) = page("""
        <form method="post" action="../neu/">
          <input type="hidden" name="csrfmiddlewaretoken" value="abc">
          <input name="titel" value="alt"> <input type="checkbox" name="an" checked value="1">
          <input type="checkbox" name="aus" value="1"> <input type="submit" name="knopf" value="x">
          <select name="status"><option value="neu">N</option><option selected value="b">B</option>
          </select> <textarea name="text">Größe</textarea> <input type="file" name="datei">
        </form>""").forms
    assert form.action == "https://a.example.org/neu/"
    assert sorted(form.filled({"titel": "neu"})) == [
        ("an", "1"),
        ("csrfmiddlewaretoken", "abc"),
        ("status", "b"),
        ("text", "Größe"),
        ("titel", "neu"),
    ]


def test_form_that_saves_is_told_from_one_that_searches() -> None:
    both = page("""<form><input name="titel"></form>
        <form method="post" action="/logout/"><button>Abmelden</button></form>
        <form method="post"><input name="titel"></form>""")
    assert both.form_with("titel") == both.form_to_itself == both.forms[2]


def test_files_are_those_that_the_page_needs() -> None:
    named = page("""<link rel="stylesheet" href="/s.css"><link rel="canonical" href="/x">
        <script src="s.js"></script><script>1</script><img src="data:image/png;base64,AAAA">
        <link rel="shortcut icon" href="//cdn.example.org/i.ico"><img src="http://[">""")
    assert list(named.files) == [
        "https://a.example.org/s.css",
        "https://a.example.org/liste/s.js",
        "https://cdn.example.org/i.ico",
    ]


def test_link_is_found_by_its_text_across_elements() -> None:
    shown = page("<a>ops smoke 1</a><a href='5/'><b>ops</b>\n smoke 1</a>")
    assert shown.link_called("ops smoke 1") == "https://a.example.org/liste/5/"
    assert shown.link_called("ops smoke 2") is None


@pytest.mark.parametrize(
    ("content", "is_part"),
    [("<table></table>", True), ("", True), ("<!DOCTYPE html><p>", False), ("<body>", False)],
)
def test_part_is_told_from_a_whole_page(content: str, is_part: bool) -> None:  # noqa: FBT001
    assert page(content).is_part == is_part


HOSTILE = {
    "empty": b"",
    "a comment": b"<!-- -->",
    "not UTF-8": b"\xff\xfe<form>\x00",
    "deep": b"<div>" * 200_000,
    "deep forms": b"<form><p>" * 20_000 + b"<input name=titel>",
    "many fields": b"<form method=post>" + b"<input name=a>" * 20_000,
    "an encoding that is none": b'<?xml version="1.0" encoding="x"?><html><meta charset="y">',
    "entities": b"<p>&a;&#x0;&#99999999;" * 1000,
    "a base that is none": b'<base href="http://["><a href="a">x</a>',
    "addresses that are none": b'<a href="http://["></a><form action="http://["><img src="http://[">',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_no_page_ends_the_visit(content: bytes) -> None:
    shown = Page(URL, content)
    assert shown.login_form is None
    assert shown.link_called("ops smoke") is None
    assert list(shown.files) == []
    assert not shown.says("ops smoke")
    assert not shown.is_debug_page
    assert shown.errors == ""
