"""Fixtures and choices that all tests share."""

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
