"""What Kallithea is, needs and offers to other programs. Settings of the tools are in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent

# Building happens in an environment that has setuptools and nothing of ours.
sys.path.insert(0, str(ROOT))

from kallithea.front_end.build import FrontEnd  # noqa: E402


class BuildPython(build_py):
    """Builds the front end first, so that it becomes part of the package."""

    def run(self) -> None:
        """Build, compile, and put the template of the .ini, which lies at the top of the checkout, into the package."""
        FrontEnd().ensure_built()
        # needs Babel, which is there once this runs
        from kallithea.front_end.catalogs import ensure_compiled

        ensure_compiled()
        super().run()
        if not self.editable_mode:
            self.copy_file(str(ROOT / "production.ini.template"), str(Path(self.build_lib, "kallithea/cli")))


setup(
    name="kallithea",
    version="0.1.0",
    description="Host, browse, review, clone and push Git and Mercurial repositories",
    long_description=(ROOT / "README.rst").read_text(encoding="utf-8"),
    long_description_content_type="text/x-rst",
    license="GPL-3.0-or-later",
    license_files=["LICENSE.txt"],
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Pyramid",
        "Intended Audience :: Developers",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Software Development :: Version Control :: Git",
        "Topic :: Software Development :: Version Control :: Mercurial",
    ],
    keywords="git mercurial hg code hosting review pull request",
    python_requires=">=3.11,<3.14",
    packages=find_packages(include=["kallithea", "kallithea.*"], exclude=["kallithea.front_end"]),
    package_data={
        "": ["*.mako"],
        "kallithea.vcs.git": ["hooks/*"],
        "kallithea": ["public/*.json", "public/*/*", "migrations/versions/*.py", "i18n/*/LC_MESSAGES/*.mo"],
    },
    include_package_data=False,
    setup_requires=["Babel>=2.18,<3", *FrontEnd().requirements()],
    # docs/develop/decisions/005-dependencies.rst says why each was chosen.
    install_requires=[
        "alembic>=1.20,<2",
        "argon2-cffi>=25.1",
        # The standard library has it from Python 3.14 on.
        "backports.zstd>=1.8,<2",
        "Babel>=2.18,<3",
        "bcrypt>=5.0,<6",
        "Beaker>=1.14,<2",
        "celery>=5.7,<6",
        "click>=8.5,<9",
        "cryptography>=50",
        "docutils>=0.22,<1",
        "dulwich>=1.2,<2",
        "google-re2>=1.1.20251105",
        "gunicorn>=27,<28",
        "hg-evolve>=12.0,<13",
        "isal>=1.9,<2",
        # What Celery reaches brokers with.
        "kombu>=5.7,<6",
        "Mako>=1.4,<2",
        "markdown-it-py>=4.3,<5",
        "MarkupSafe>=3.0",
        "mdit-py-plugins>=0.6,<1",
        # Mercurial changes its interfaces from one minor release to the next.
        "mercurial>=7.2,<7.3",
        "multipart>=2.0,<3",
        "nh3>=0.3",
        "PasteDeploy>=3.1,<4",
        "PasteScript>=3.7,<4",
        "pathspec>=1.0,<2",
        "plaster_pastedeploy>=1.0.1,<2",
        "prometheus_client>=0.26",
        "pwdlib>=0.3",
        "Pygments>=2.21,<3",
        "pyramid>=2.1,<3",
        "python-json-logger>=4.2,<5",
        # Pyramid and PasteScript import pkg_resources, which setuptools 82 no longer has.
        "setuptools>=77,<82",
        "SQLAlchemy>=2.1,<2.2",
        "tenacity>=9.2,<10",
        # Time zones, on machines that have none of their own.
        "tzdata>=2026.1",
        # What Pyramid's requests are; it reads Accept-Language.
        "WebOb>=1.8",
        "zope.interface>=8",
    ],
    extras_require={
        "postgresql": ["psycopg[binary]>=3.3,<4"],
        "mysql": ["PyMySQL>=1.2,<2"],
        "redis": ["redis>=6,<9"],
        "memcached": ["python-memcached>=1.62,<2"],
        # There is no later release, and kallithea/search/whoosh_writing.py relies on how this one commits.
        "whoosh": ["Whoosh-Reloaded==2.7.5"],
        "test": [
            "aiosmtpd>=1.4.6,<2",
            "axe-playwright-python>=0.1.8",
            "gearbox>=0.5",
            "hypothesis>=6.170",
            "playwright>=1.65",
            "psycopg[binary]>=3.3,<4",
            "PyMySQL>=1.2,<2",
            "pyuwsgi>=2.0.30,<3",
            # With 9.2, pytest-xdist 3.8 gives tests of a group to whichever process is free: see tests/test_sharing.py.
            "pytest>=9.1,<9.2",
            "pytest-xdist>=3.8",
            "simpy>=4.1,<5",
            "python-memcached>=1.62,<2",
            "redis>=6,<9",
            "WebTest>=3.0.7",
            "Whoosh-Reloaded==2.7.5",
        ],
        "check": [
            "import-linter>=2.16,<3",
            "mypy>=2.4,<3",
            "ruff>=0.17.6,<0.18",
            "types-docutils",
            "types-Pygments",
            "types-PyMySQL",
        ],
        "docs": ["myst-parser>=5.2,<6", "sphinx>=9.0,<10"],
    },
    entry_points={
        "console_scripts": [
            "kallithea = kallithea.cli.main:main",
            "kallithea-cli = kallithea.cli.main:main",
        ],
        "paste.app_factory": ["main = kallithea.wsgi:make_app"],
        # The commands that `paster` offers, from kallithea/cli/paster.py.
        "paste.global_paster_command": [
            "setup-db = kallithea.cli.paster:setup_db",
            "db-create = kallithea.cli.paster:db_create",
            "db-upgrade = kallithea.cli.paster:db_upgrade",
            "worker = kallithea.cli.paster:worker",
            "user = kallithea.cli.paster:user",
            "user-group = kallithea.cli.paster:user_group",
            "repository = kallithea.cli.paster:repository",
            "repository-group = kallithea.cli.paster:repository_group",
            "repo-scan = kallithea.cli.paster:repo_scan",
            "permission = kallithea.cli.paster:permission",
            "setting = kallithea.cli.paster:setting",
            "cache = kallithea.cli.paster:cache",
            "token = kallithea.cli.paster:token",
            "demo-create = kallithea.cli.paster:demo_create",
        ],
        # What `paster make-config` and `paster setup-app` do.
        "paste.app_install": ["main = kallithea.cli.paster:Installer"],
    },
    cmdclass={"build_py": BuildPython},
)
