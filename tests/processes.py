"""Processes that begin without anything that the one of the tests has made, and at once.

They are forked by a process that has imported what most of them need, and has done nothing else.
"""

import multiprocessing

FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.applications", "tests.factories.people", "kallithea.services.sign_in", "pytest"])
