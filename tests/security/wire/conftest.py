"""Probes of the wire run against the same site and server process as the tests of the wire."""

from tests.transport.conftest import clients, server, site

__all__ = ["clients", "server", "site"]
