"""Ways to a database on which nothing can be written, without a change to a server that other tests use."""

from sqlalchemy import make_url

_QUERIES = {
    "postgresql": {"options": "-c default_transaction_read_only=on"},
    "mysql": {"init_command": "SET SESSION TRANSACTION READ ONLY"},
    "sqlite": {},
}


def read_only_url(url: str) -> str:
    """The same database, as a standby or a server with ``read_only`` shows it. SQLite's disk decides that."""
    parsed = make_url(url)
    query = _QUERIES[parsed.get_backend_name().replace("mariadb", "mysql")]
    return parsed.update_query_dict(query).render_as_string(hide_password=False)
