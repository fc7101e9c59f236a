"""What a WSGI server other than gunicorn loads: the site of an .ini."""

import signal
import sys

if "uwsgi" in sys.modules:
    # A process that is told to end while it loads the site ends; by uWSGI's own way it would not hear of it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from pyramid.paster import get_app, setup_logging

INI = "/srv/kallithea/kallithea.ini"

setup_logging(INI)
application = get_app(INI, "main")
