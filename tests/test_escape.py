"""Prose means itself in both formats."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.escape import Raw, comment, escape, slug

SPECIAL = r"% & _ # $ \ { } ~ ^ < > | ` * [ ]"

LATEX = {
    "50% & 3#4": r"50\% \& 3\#4",
    "a_b^c": r"a\_b\textasciicircum{}c",
    r"\input{x} $y$": r"\textbackslash{}input\{x\} \$y\$",
    "~ <b>": r"\textasciitilde{} \textless{}b\textgreater{}",
    'a "word" here': "a ``word'' here",
    "λ, Σ and Α": r"\ensuremath{\lambda}, \ensuremath{\Sigma} and \ensuremath{\mathrm{A}}",
    "X⁻¹ ≥ 0": r"X\ensuremath{^{-}}\ensuremath{^1} \ensuremath{\geq} 0",
    "naïve Erdős": "naïve Erdős",
    "one\n two\n\nthree": "one two\n\nthree",
    " edges ": " edges ",
}

MARKDOWN = {
    "50% & 3#4": "50% &amp; 3#4",
    "a_b *c*": r"a\_b \*c\*",
    r"\(x\) $y$ {#id}": "&#92;(x&#92;) &#36;y&#36; &#123;#id&#125;",
    "<script>": "&lt;script&gt;",
    "1. first": "1&#46; first",
    "3.1 first": "3.1 first",
    "- item": "&#45; item",
    '??? tip "x"': '&#63;?? tip "x"',
    "[a](b) `c`": r"\[a\](b) \`c\`",
}


@pytest.mark.parametrize(("text", "want"), LATEX.items())
def test_latex(text, want):
    assert escape(text, "latex") == want


@pytest.mark.parametrize(("text", "want"), MARKDOWN.items())
def test_markdown(text, want):
    assert escape(text, "markdown") == want


@pytest.mark.parametrize("text", ["\N{GRINNING FACE}", "\0", "ф", "ħ", "日"])
def test_what_the_handout_cannot_show_is_an_error_for_people(text):
    with pytest.raises(InputError, match=f"no glyph.*U\\+{ord(text):04X}"):
        escape(text, "latex")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_no_command_survives_in_latex(text):
    shown = escape(text, "latex")
    ours = r"\\(text\w+|[{}$&%#_])|\{\}"
    assert not set(re.sub(ours, "", shown)) & set("\\{}$&%#_^~<>|")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_markdown_reads_back_as_the_text(text):
    shown = html.unescape(re.sub(r"\\([*_`\[\]])", r"\1", escape(text, "markdown")))
    assert shown.strip() == " ".join(text.split())


def test_all_special_signs_are_handled():
    assert not re.search(
        r"(?<!\\)[%&_#${}~^<>|`](?!\})", re.sub(r"\\text\w+\{\}", "", escape(SPECIAL, "latex"))
    )
    assert not re.search(r"[\\$~|^{}<>](?![*_`\[\]])", escape(SPECIAL, "markdown"))


def test_a_comment_is_one_line_that_cannot_end_early():
    assert comment("a -->\n b") == "a -> b"


@pytest.mark.parametrize(("text", "want"), {"Über A/B ": "uber-a-b", "x_1": "x-1"}.items())
def test_slug(text, want):
    assert slug(text) == want


def test_raw_says_that_it_is_finished():
    assert Raw(r"\(x\)").__html__() == r"\(x\)"
