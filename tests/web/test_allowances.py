"""What people may make on the whole site: its pages, and what they open."""

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.services.work import reading, writing
from tests.web.site import Browser, Site, form_of, get

HOSTILE = "<script>alert(1)</script>"


def allowed(site: Site, subject: Subject) -> set[Allowance]:
    with reading(site.application) as services:
        return set(services.allowances.given_to(subject))


def people(site: Site) -> tuple[Browser, int, int]:
    """Root's browser, ada's id, and that of the crew, in which she is."""
    site.user("root", administrator=True)
    ada_id = site.user("ada")
    with writing(site.application) as services:
        crew = services.user_groups.create(COMMAND_LINE, None, name="crew")
        services.user_groups.add(COMMAND_LINE, crew, services.users.get("ada"))
    return site.browser("root"), ada_id, crew.user_group_id


def test_defaults_are_shown_and_saved(site: Site) -> None:
    root, _ada_id, _crew_id = people(site)
    form = form_of(get(root, "/_admin/permissions"))
    assert form["allow-fork"].checked
    assert not form["allow-create-repositories"].checked
    assert form["visitors"].checked
    assert form["registration"].value == "off"
    form["allow-fork"], form["allow-create-repositories"] = False, True
    assert form["vouched"].value == "automatic"
    form["visitors"], form["registration"], form["vouched"] = False, "approval", "approval"
    page = form.submit().follow()
    assert "What is allowed is saved." in page.text
    assert allowed(site, SIGNED_IN) == {Allowance.CREATE_REPOSITORIES}
    with reading(site.application) as services:
        assert not services.settings.visitors
        assert (services.settings.registration, services.settings.vouched_accounts) == ("approval", "approval")
        actions = [entry.action for entry in services.audit.list_(limit=4)]
    assert actions == ["setting.set", "setting.set", "setting.set", "permission.allow"]


def test_saving_what_is_stored_changes_nothing(site: Site) -> None:
    root, _ada_id, _crew_id = people(site)
    form_of(get(root, "/_admin/permissions")).submit()
    with reading(site.application) as services:
        assert services.audit.list_(limit=1)[0].action == "user-group.add"


def test_what_somebody_else_changed_meanwhile_is_kept(site: Site) -> None:
    root, _ada_id, _crew_id = people(site)
    form = form_of(get(root, "/_admin/permissions"))
    site.allow("signed-in", Allowance.CREATE_USER_GROUPS)
    form["registration"] = "automatic"
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert "Somebody else has changed meanwhile" in answer.text
    assert form_of(answer)["registration"].value == "automatic"
    assert allowed(site, SIGNED_IN) == {Allowance.CREATE_USER_GROUPS}
    with reading(site.application) as services:
        assert services.settings.registration == "off"
    assert form_of(answer).submit().status_int == 303


def test_setting_that_changed_meanwhile_saves_nothing_else(site: Site) -> None:
    root, _ada_id, _crew_id = people(site)
    form = form_of(get(root, "/_admin/permissions"))
    with writing(site.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "approval")
    form["allow-fork"] = False
    assert form.submit(expect_errors=True).status_int == 409
    assert allowed(site, SIGNED_IN) == {Allowance.FORK}


def test_registration_that_there_is_not_is_refused(site: Site) -> None:
    root, _ada_id, _crew_id = people(site)
    fields = {"was": "fork", "allow-fork": "1", "was-visitors": "true", "visitors": "1", "was-registration": "off"}
    assert site.post(root, "/_admin/permissions", {**fields, "registration": "all"}).status_int == 422
    fields |= {"registration": "off", "was-vouched": "automatic"}
    assert site.post(root, "/_admin/permissions", {**fields, "vouched": "never"}).status_int == 422


def test_account_is_allowed_more(site: Site) -> None:
    root, ada_id, _crew_id = people(site)
    form = form_of(get(root, f"/_admin/users/allowances/{ada_id}"))
    form["allow-create-user-groups"] = True
    page = form.submit().follow()
    assert allowed(site, Subject(SubjectKind.USER, ada_id)) == {Allowance.CREATE_USER_GROUPS}
    assert "The account itself" in page.text
    assert "All signed-in users" in page.text
    listed = get(root, "/_admin/permissions")
    assert f'href="/_admin/users/allowances/{ada_id}"' in listed.text


def test_group_of_users_is_allowed_more(site: Site) -> None:
    root, ada_id, crew_id = people(site)
    form = form_of(get(root, f"/_admin/user_groups/allowances/{crew_id}"))
    form["allow-create-repositories"] = True
    form.submit().follow()
    assert allowed(site, Subject(SubjectKind.USER_GROUP, crew_id)) == {Allowance.CREATE_REPOSITORIES}
    assert "User group crew" in get(root, f"/_admin/users/allowances/{ada_id}").text
    assert "User group crew" in get(root, "/_admin/permissions/perms/check?user=ada").text
    assert "User group crew" in get(site.browser("ada"), "/_admin/my_account/perms").text


def test_conflict_on_the_page_of_an_account_keeps_what_was_chosen(site: Site) -> None:
    root, ada_id, _crew_id = people(site)
    form = form_of(get(root, f"/_admin/users/allowances/{ada_id}"))
    site.allow("ada", Allowance.FORK)
    form["allow-create-repositories"] = True
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    again = form_of(answer)
    assert again["allow-create-repositories"].checked
    assert not again["allow-fork"].checked
    again.submit()
    assert allowed(site, Subject(SubjectKind.USER, ada_id)) == {Allowance.CREATE_REPOSITORIES}


def test_absent_accounts_and_groups_are_not_found(site: Site) -> None:
    root, _ada_id, _crew_id = people(site)
    for kind in ("users", "user_groups"):
        for tail in ("/99", "/x", "", "/1/2", "/9999999999"):
            assert get(root, f"/_admin/{kind}/allowances{tail}").status_int == 404
        assert site.post(root, f"/_admin/{kind}/allowances/99", {}).status_int == 404


def test_owner_of_a_group_does_not_see_its_page(site: Site) -> None:
    _root, _ada_id, crew_id = people(site)
    with writing(site.application) as services:
        services.user_groups.get("crew").owner_id = services.users.get("ada").user_id
    ada = site.browser("ada")
    assert get(ada, f"/_admin/user_groups/allowances/{crew_id}").status_int == 403
    assert "/allowances/" not in get(ada, f"/_admin/user_groups/edit/{crew_id}").text


def test_hostile_names_are_text(site: Site) -> None:
    root, ada_id, _crew_id = people(site)
    with writing(site.application) as services:
        services.user_groups.get("crew").name = HOSTILE
        crew = services.user_groups.find_by_id(1)
        assert crew is not None
        services.allowances.replace_(
            COMMAND_LINE, Subject(SubjectKind.USER_GROUP, crew.user_group_id), None, [Allowance.FORK]
        )
    for address in ("/_admin/permissions", f"/_admin/users/allowances/{ada_id}"):
        page = get(root, address)
        assert HOSTILE not in page.text
        assert "&lt;script&gt;" in page.text


def test_member_makes_repositories_and_groups_at_the_top(site: Site) -> None:
    people(site)
    ada = site.browser("ada")
    assert "/_admin/create_repository" not in _main(get(ada, "/").text)
    assert "/_admin/repo_groups/new" not in _main(get(ada, "/_groups").text)
    assert site.post(ada, "/_admin/repos", {"repo_name": "r", "repo_type": "git"}).status_int == 403
    site.allow("ada", Allowance.CREATE_REPOSITORIES, Allowance.CREATE_REPOSITORY_GROUPS)
    assert "/_admin/create_repository" in _main(get(ada, "/").text)
    assert "/_admin/repo_groups/new" in _main(get(ada, "/_groups").text)
    for kind in ("git", "hg"):
        assert site.post(ada, "/_admin/repos", {"repo_name": kind, "repo_type": kind}).status_int == 303
    assert site.post(ada, "/_admin/repo_groups", {"group_name": "g"}).status_int == 303


def test_member_makes_a_group_of_users_and_owns_it(site: Site) -> None:
    people(site)
    ada = site.browser("ada")
    assert get(ada, "/_admin/user_groups/new").status_int == 403
    assert "/_admin/user_groups/new" not in get(ada, "/_admin/user_groups").text
    site.allow("ada", Allowance.CREATE_USER_GROUPS)
    assert "/_admin/user_groups/new" in get(ada, "/_admin/user_groups").text
    form = form_of(get(ada, "/_admin/user_groups/new"))
    form["name"] = "divers"
    assert form.submit().follow().status_int == 200
    form["name"], form["owner"] = "others", "root"
    assert "/_admin/user_groups/members/" in form.submit().location


def test_right_on_the_whole_site_is_enough_for_repositories(site: Site) -> None:
    people(site)
    site.allow("signed-in")
    site.grant("ada", Level.ADMIN)
    ada = site.browser("ada")
    assert site.post(ada, "/_admin/repos", {"repo_name": "r", "repo_type": "git"}).status_int == 303
    assert get(ada, "/_admin/user_groups/new").status_int == 403


def _main(text: str) -> str:
    return text.partition("<main")[2]
