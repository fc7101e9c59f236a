"""Fixtures and choices that all tests share."""

pytest_plugins = ["tests.selection", "tests.databases"]
