"""Which tests run, and a word at the end about those that were left out."""

import os
import shutil
from collections import Counter
from typing import Any, Protocol

import pytest

_LEFT_OUT = pytest.StashKey[dict[str, int]]()

_NO_SERVICES = "need servers such as PostgreSQL or Redis, or histories of others: run with --services"
_NO_BROWSER = "drive Chromium, which is not installed here (Debian: apt-get install chromium)"


class _WorkerNode(Protocol):
    workeroutput: dict[str, Any]
    config: pytest.Config


def find_chromium() -> str | None:
    """Return the path of the Chromium that the tests drive; KALLITHEA_TEST_CHROMIUM names another one."""
    return os.environ.get("KALLITHEA_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--services", action="store_true", help="also run what needs servers, or histories of others")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LEFT_OUT] = {}
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(_WorkerCounts(), "left-out-of-workers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    reasons = {item: _reason_to_leave_out(config, item) for item in items}
    left_out = [item for item in items if reasons[item]]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not reasons[item]]
    config.stash[_LEFT_OUT] = dict(Counter(reason for reason in reasons.values() if reason))


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash[_LEFT_OUT]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reason, count in sorted(config.stash[_LEFT_OUT].items()):
        terminalreporter.write_line(f"Left out: {count} tests that {reason}")


def _reason_to_leave_out(config: pytest.Config, item: pytest.Item) -> str:
    """With --services nothing is left out: what is missing on the machine then fails."""
    if config.getoption("services"):
        return ""
    if item.get_closest_marker("services"):
        return _NO_SERVICES
    if item.get_closest_marker("browser") and not find_chromium():
        return _NO_BROWSER
    return ""


class _WorkerCounts:
    """Takes the counts over from the workers of xdist, each of which selects for itself, all alike."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: _WorkerNode) -> None:
        output = getattr(node, "workeroutput", {})
        node.config.stash[_LEFT_OUT] = output.get("left_out", {})
