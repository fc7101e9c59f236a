"""The style sheet: bootstrap and the theme in one, without what the content security policy refuses."""

from kallithea.front_end.style import join_styles


def test_theme_comes_after_bootstrap_in_the_order_given() -> None:
    assert join_styles("a{}", ["b{}", "c{}"], {}) == "a{}\nb{}\nc{}"


def test_source_map_is_left_out() -> None:
    assert join_styles("a{}\n/*# sourceMappingURL=bootstrap.min.css.map */\n", [], {}) == "a{}"


def test_data_urls_become_none() -> None:
    picture = "data:image/svg+xml,%3csvg viewBox='0 0 16 16'%3e%3cpath d='M8 (1)'/%3e%3c/svg%3e"
    bootstrap = f'a{{--bg:url("{picture}");color:red}}b{{background:url({picture.replace("(1)", "1")}) center}}'
    assert join_styles(bootstrap, [], {}) == "a{--bg:none;color:red}b{background:none center}"


def test_own_pictures_are_named_by_their_content() -> None:
    theme = 'a{background:url("../images/dot.svg")}'
    style = join_styles("", [theme], {"images/dot.svg": "images/dot-12ab.svg"})
    assert style.endswith('a{background:url("../images/dot-12ab.svg")}')
