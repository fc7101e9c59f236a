"""Messages and descriptions as pages show them."""

from markupsafe import Markup

from kallithea.render.links import TextLinks, find_commit_names, find_people, link_text
from kallithea.vcs.backend import Repository
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request


def link_texts(context: RepositoryContext, request: Request, repository: Repository, *texts: str) -> tuple[Markup, ...]:
    """Texts about a repository, with links to its commits. Members are shown who of the people named has an account.

    However many things are named, they are looked up by one statement and one process.
    """
    whole = "\n".join(texts)
    names = find_commit_names(whole)
    commits = repository.find_commits(names) if names else {}
    people = find_people(whole) if request.visitor.signed_in else []
    links = TextLinks(
        {name: request.links.changeset(context.path, commit_id) for name, commit_id in commits.items()},
        request.services.users.known_names(people) if people else (),
        request.issue_patterns,
        context.path,
    )
    return tuple(link_text(text, links) for text in texts)
