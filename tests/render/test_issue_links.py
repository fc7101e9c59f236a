"""Names of issues in texts, as the operator's .ini describes them."""

import pytest

from kallithea.core.settings import SettingsError
from kallithea.render.issue_links import MOST_ISSUES, read_issue_patterns
from kallithea.render.links import TextLinks, link_text

USUAL = {"issue_pat": r"#(\d+)", "issue_server_link": r"https://issues.example/{repo}/\1"}


def link(text: str, values: dict[str, str], repository: str = "group/tide watch") -> str:
    return link_text(text, TextLinks(patterns=read_issue_patterns(values), repository=repository))


def found(address: str, words: str) -> str:
    return f'<a href="{address}" rel="nofollow noopener noreferrer">{words}</a>'


@pytest.mark.parametrize(
    ("values", "text", "html"),
    [
        (USUAL, "#12 is fixed.", f"{found('https://issues.example/group/tide%20watch/12', '#12')} is fixed."),
        (
            {"issue_pat": r"(?:\s*T)(\d+)", "issue_server_link": r"/{repo_name}/issues/\1", "issue_sub": ""},
            "fix T12",
            f"fix {found('/tide%20watch/issues/12', 'T12')}",
        ),
        (
            {
                "issue_pat_wiki": r"wiki-(?P<page>\S+)",
                "issue_server_link_wiki": r"https://w.example/\g<page>",
                "issue_sub_wiki": r"WIKI-\1",
            },
            "see wiki-a/b?c#d",
            f"see {found('https://w.example/a/b%3Fc%23d', 'WIKI-a/b?c#d')}",
        ),
        (USUAL, "https://x.example/#12", found("https://x.example/#12", "https://x.example/#12")),
        (
            {**USUAL, "issue_pat_t": r"T(\d+)", "issue_server_link_t": r"https://t.example/\1"},
            "#1 T2",
            f"{found('https://issues.example/group/tide%20watch/1', '#1')} {found('https://t.example/2', 'T2')}",
        ),
        ({"issue_pat": "x*", "issue_server_link": "https://t.example/"}, "ab", "ab"),
        (
            {"issue_pat": r"(a)|(b)", "issue_server_link": r"https://t.example/\2"},
            "a",
            found("https://t.example/", "a"),
        ),
        ({}, "#12", "#12"),
        ({"issue_pat": "", "issue_server_link": "", "issue_sub": ""}, "#12", "#12"),
    ],
)
def test_names_of_issues_are_links(values: dict[str, str], text: str, html: str) -> None:
    assert link(text, values) == html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"issue_pat": r"(?<!a)#(\d+)", "issue_server_link": "https://x/"}, "issue_pat = (?<!a)#(\\d+): invalid perl"),
        ({"issue_pat_x": r"(a)\1", "issue_server_link_x": "https://x/"}, "neither look-around nor references back"),
        ({"issue_pat": "(", "issue_server_link": "https://x/"}, "missing )"),
        ({"issue_pat": "#1"}, "issue_server_link is missing or empty"),
        ({"issue_server_link_x": "https://x/"}, "issue_pat_x is missing or empty"),
        ({"issue_sub_y": "z"}, "issue_pat_y is missing or empty"),
        ({"issue_pat": "a", "issue_server_link": r"https://x/\1"}, "issue_pat has no group 1"),
        ({"issue_pat": "a", "issue_server_link": "https://x/", "issue_sub": r"\g<n>"}, "issue_pat has no group n"),
        ({"issue_pat": r"(.*)", "issue_server_link": r"\1"}, "begins with http://, https:// or /"),
        ({"issue_pat": r"(.*)", "issue_server_link": r"javascript:\1"}, "begins with http://, https:// or /"),
    ],
)
def test_what_is_refused_is_refused_with_words(values: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as problem:
        read_issue_patterns(values)
    assert words in str(problem.value)


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as problem:
        read_issue_patterns({"issue_pat": "(", "issue_server_link": "ftp://x", "issue_pat_b": "b"})
    assert len(str(problem.value).splitlines()) == 3


def test_p38_an_address_is_never_a_script() -> None:
    values = {"issue_pat": r"(\S+)!", "issue_server_link": r"https://x.example/\1", "issue_sub": r"\1"}
    html = link('javascript:alert(1)"onclick=alert(1)><script>!', values)
    assert html == found(
        "https://x.example/javascript:alert%281%29%22onclick%3Dalert%281%29%3E%3Cscript%3E",
        "javascript:alert(1)&#34;onclick=alert(1)&gt;&lt;script&gt;",
    )


@pytest.mark.parametrize("expression", [r"(a+)+$", r"(a|aa)+$", r"(.*)*b", r"(\w+\s?)*:$"])
def test_p72_no_expression_runs_away(expression: str) -> None:
    values = {"issue_pat": expression, "issue_server_link": "https://x.example/"}
    assert "a" * 100 in link("a" * 20_000 + "!", values)


def test_names_of_issues_are_bounded() -> None:
    assert link("#1 " * (MOST_ISSUES + 50), USUAL).count("<a ") == MOST_ISSUES
