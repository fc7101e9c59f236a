"""Settings of Sphinx:  sphinx-build -W docs docs/_build/html"""  # noqa: D400

from importlib.metadata import version as installed_version

project = "Kallithea"
author = "The Kallithea authors"
copyright = "the Kallithea authors, GPL-3.0-or-later"
release = installed_version("kallithea")
version = release

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "Git and Mercurial repositories: host, browse, review", "fixed_sidebar": True}
nitpicky = True
