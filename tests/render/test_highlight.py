"""Coloured lines."""

import html
import posixpath
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pygments.lexers import find_lexer_class_for_filename, get_all_lexers
from pygments.lexers.special import TextLexer

from kallithea.render.highlight import (
    _PREPARED,
    _USUAL_LANGUAGES,
    HIGHLIGHT_LIMIT,
    _by_file_name,
    draw_line,
    find_language,
    find_language_by_name,
    highlight_block,
    highlight_lines,
    tokenize,
)


@pytest.mark.parametrize(
    "name", ["x.py", "x.c", "x.html", "x.unknown", "Makefile", "README.md", "x.json", "x.diff", "x.yml"]
)
@pytest.mark.parametrize(
    "text", ["", "\n", "a", "a\n", "a\n\n", "\n\na\n", "  \n", "a = '''\nb\n'''\n", "<b>&\n", "\ta\n"]
)
def test_there_are_as_many_lines_as_in_the_text(name: str, text: str) -> None:
    lines = highlight_lines(text, name)
    assert len(lines) == len(text.removesuffix("\n").split("\n") if text else [])


_PATTERNS = [pattern for _name, _aliases, patterns, _types in get_all_lexers() for pattern in patterns]
_NAMES = st.sampled_from(_PATTERNS).flatmap(
    lambda pattern: st.text("a_.1[", max_size=3).map(lambda text: pattern.replace("*", text))
)


@given(before=st.sampled_from(["", "a", "_", "bash_", "x.php"]), name=_NAMES)
def test_the_name_picks_the_language_that_pygments_picks(before: str, name: str) -> None:
    assume(posixpath.splitext(before + name)[1] not in _USUAL_LANGUAGES)
    assert find_language(before + name) is (find_lexer_class_for_filename(before + name) or TextLexer)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Build.PL", "Perl"),
        ("x.pl", "Perl"),
        ("x.pm", "Perl"),
        ("t/basic.t", "Perl"),
        ("x.html.pl", "Perl"),
        ("entry.S", "GAS"),
        ("x.fs", "F#"),
        ("x.r", "S"),
        ("x.sql", "SQL"),
        ("x.aspx", "aspx-cs"),
        ("x.ttl", "Turtle"),
        ("x.ipynb", "JSON"),
    ],
)
def test_of_several_languages_of_an_ending_the_usual_one_is_named(name: str, language: str) -> None:
    assert find_language(name).name == language


def test_each_usual_language_is_known() -> None:
    for name in {*_USUAL_LANGUAGES.values(), *_PREPARED}:
        assert find_language_by_name(name) is not TextLexer, name


def test_texts_in_usual_languages_find_all_that_they_need_prepared() -> None:
    program = """
import re
from kallithea.render.highlight import prepare_usual_languages, highlight_lines
prepare_usual_languages()
compiled = []
compile_ = re.compile
re.compile = lambda *given: compiled.append(given) or compile_(*given)
for name in "x.c x.py x.pl x.sh x.html x.md Makefile".split():
    highlight_lines("int x = 1;\\nclass A: pass\\n", name)
print(len(compiled))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 0


def test_a_language_is_looked_for_once_for_all_files_of_an_ending() -> None:
    find_language("first.rs")
    before = _by_file_name.cache_info().misses
    for number in range(100):
        assert find_language(f"src/{number}.rs").name == "Rust"
    assert _by_file_name.cache_info().misses == before


def test_code_is_escaped_and_coloured() -> None:
    assert highlight_lines("if a < b:\n", "x.py") == ['<span class="k">if</span> a <span class="o">&lt;</span> b:']


def test_text_without_a_language_is_escaped() -> None:
    assert highlight_lines("<script>\n", "x.unknown") == ["&lt;script&gt;"]


@pytest.mark.parametrize("text", ["x = 1\n" * (HIGHLIGHT_LIMIT // 6 + 1), "x" * 6_000])
def test_what_is_too_long_has_no_colours(text: str) -> None:
    assert "<span" not in "".join(highlight_lines(text, "x.py"))


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.tf", "<<EOF a }}\nb\n"), ("x.robot", "*** Test Cases ***\nA\tB\n")],
    ids=["lines are lost", "tabs become blanks"],
)
def test_a_lexer_that_changes_the_text_is_not_asked(name: str, text: str) -> None:
    assert highlight_lines(text, name) == html.escape(text, quote=False).splitlines()


def test_marks_cut_tokens() -> None:
    line = tokenize("return value", find_language("x.py"))[0]
    assert draw_line(line, [(3, 9)], "ins") == ('<span class="k">ret</span><ins><span class="k">urn</span> va</ins>lue')


def test_a_block_in_a_language_by_its_name() -> None:
    assert highlight_block("def f(): pass\n", "Python").startswith('<span class="k">def</span>')
    assert highlight_block("<x>\n", "no such language") == "&lt;x&gt;"


def test_lexers_of_other_packages_are_not_loaded() -> None:
    """Every process would hold them from the first name on that Pygments does not know."""
    code = "import sys, kallithea.wsgi; from kallithea.render import highlight; highlight._by_file_name('count')"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}; print('pygments.lexers.web' in sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert loaded.stdout == "False\n"
