"""Which tests go to one process of xdist: those that share what a module makes once, such as a server.

Spread over several processes, each of these would make it for itself. Groups are begun before all other tests, so that
these fill what is left of the time at the end.
"""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        shared = _find_shared(item) if isinstance(item, pytest.Function) else []
        if shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(f"{item.nodeid.partition('::')[0]} {' '.join(shared)}".rstrip()))


def _find_shared(item: pytest.Function) -> list[str]:
    """Fixtures of the module that a test uses, each with which one it is of those that are made one after another."""
    found = []
    chosen = item.callspec.indices if hasattr(item, "callspec") else {}
    for name, definitions in item._fixtureinfo.name2fixturedefs.items():
        if definitions[-1].scope == "module":
            found.append(f"{name}-{chosen[name]}" if name in chosen else "")
    return sorted(set(found))
