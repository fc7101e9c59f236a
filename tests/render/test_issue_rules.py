"""Rules of administrators about issues in texts."""

import pytest

from kallithea.core.site_documents import IssueRule
from kallithea.render.issue_rules import find_rule_problem, make_patterns
from kallithea.render.links import TextLinks, link_text

RIGHT = IssueRule(r"HAVEN-(\d+)", r"https://t.example/{repo}/\1", r"no. \1")


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (RIGHT, None),
        (IssueRule("#", ""), "write both a pattern and an address"),
        (IssueRule("", "/x"), "write both a pattern and an address"),
        (IssueRule("#", "javascript:alert(1)"), "begins with http://, https:// or /"),
        (IssueRule("(", "/x"), "no expression of RE2"),
        (IssueRule("(?=a)", "/x"), "no expression of RE2"),
        (IssueRule("a", r"/\1"), "the pattern has no group 1"),
        (IssueRule("a", "/", r"\g<n>"), "the pattern has no group n"),
    ],
)
def test_problem_of_a_rule(rule: IssueRule, problem: str | None) -> None:
    found = find_rule_problem(rule)
    assert found is None if problem is None else problem in str(found)


def test_rules_become_links_and_wrong_ones_nothing() -> None:
    patterns = make_patterns((IssueRule("(", "/x"), RIGHT))
    shown = link_text("see HAVEN-42 & <b>", TextLinks(patterns=patterns, repository="a/b"))
    assert '<a href="https://t.example/a/b/42"' in shown
    assert ">no. 42</a> &amp; &lt;b&gt;" in shown
