"""The rules of robots.txt, compared with another parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from lap_assets.sites.robots_rules import RobotsRules

SITE = "https://a.example"
PIECES = st.sampled_from(["/", "a", "b", "/a", "/b/", "*", "a*b", ".php", "?id=1", "%7Ea", "~", "%2f", "ä"])
PATHS = st.lists(st.sampled_from(["a", "b", "/", "~", ".php", "?id=1", "%2F", "ä"]), max_size=6).map("".join)
PATTERNS = st.tuples(st.lists(PIECES, min_size=1, max_size=5).map("".join), st.booleans()).map(
    lambda made: "/" + made[0].lstrip("/") + ("$" if made[1] else "")
)


@given(st.lists(st.tuples(st.booleans(), PATTERNS), max_size=6), PATHS)
def test_a_simple_file_has_the_meaning_of_another_parser(rules: list[tuple[bool, str]], path: str) -> None:
    text = "User-agent: *\n" + "".join(f"{'Allow' if allow else 'Disallow'}: {value}\n" for allow, value in rules)
    lengths = {len(value) for _, value in rules}
    url = f"{SITE}/{path.lstrip('/')}"
    if len(lengths) == len(rules):  # parsers differ for patterns of equal length
        assert RobotsRules(text, "LAP").allows(url) == Protego.parse(text).can_fetch(url, "LAP")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("Disallow: /", "/a", True),  # before any group
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("user-agent: lap/1.0\nDISALLOW : /x # why\n", "/x", False),
        ("User-agent: *\nDisallow: /\nUser-agent: LAP\nAllow: /", "/a", True),
        ("User-agent: LAP\nUser-agent: x\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: LAP\nDisallow: /a\nUser-agent: LAP\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /a*b$", "/ab/ab", False),
        ("User-agent: *\nDisallow: /a*b$", "/aba", True),
        ("User-agent: *\nDisallow: /ab*b$", "/ab", True),
        ("User-agent: *\nDisallow: /*?", "/a?b", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ],
)
def test_groups_and_patterns(text: str, path: str, allowed: bool) -> None:
    assert RobotsRules(text, "LAP").allows(f"{SITE}{path}") is allowed
