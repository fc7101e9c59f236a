"""Fixtures and choices that all tests share."""

import gc

from hypothesis import settings

pytest_plugins = [
    "tests.selection",
    "tests.sharing",
    "tests.databases",
    "tests.prepared_databases",
    "tests.applications",
    "tests.passwords",
    "tests.meters",
]

# A busy machine is no finding.
settings.register_profile("kallithea", deadline=None, print_blob=True)
settings.load_profile("kallithea")


def pytest_collection_finish() -> None:
    """What is there before the first test stays: whoever looks for garbage afterwards need not look at it again."""
    gc.collect()
    gc.freeze()
