"""Laws of outside values: accepted values can be stored, written and displayed everywhere."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import InputError
from lap_assets.core.json_text import parse_json, parse_once, parse_pairs
from lap_assets.core.plain_text import check_label, markdown, printable

_PLAIN = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.text()
_JSON = st.recursive(
    _PLAIN | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON, st.booleans())
def test_json_comes_back(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert parse_json(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1' + "0" * 400 + "}", "401 digits"),
        ("[-9223372036854775809]", "64 bits"),
        ('{"a": NaN}', "NaN"),
        ("[-Infinity]", "Infinity"),
        ("[1e999]", "too large"),
        ('["e\\ud800ve"]', "surrogate"),
        ('{"\\uDFFF": 1}', "surrogate"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a": 1', "not JSON"),
        ("\ufeff{}", "not JSON"),
    ],
)
def test_values_that_later_steps_cannot_hold_are_refused_in_words(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse_json(text)


def test_surrogate_pairs_and_duplicate_names_are_kept() -> None:
    assert parse_json('"\\ud83d\\ude00"') == "😀"
    assert parse_pairs('{"0": 1, "0": 2}') == (("0", 1), ("0", 2))


_MEMBERS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", 'c"', "d:", ":e", " "]),
        st.sampled_from([": ", ":", " :", "\t:\t"]),
        st.sampled_from(
            ['"x"', '":x"', '"x: y"', "1", "null", "{}", '{"a": 1}', '{"a": 1, "a": 1}', '["a", "a"]', '"\\\\"']
        ),
    ),
    max_size=5,
)


@given(_MEMBERS)
def test_an_object_is_parsed_as_it_is_unless_it_gives_a_name_twice(members: list[tuple[str, str, str]]) -> None:
    text = "{" + ", ".join(f"{json.dumps(name)}{colon}{value}" for name, colon, value in members) + "}"
    names = [name for name, _, _ in members]
    if len(set(names)) < len(names) or '{"a": 1, "a": 1}' in text:
        with pytest.raises(InputError, match="twice"):
            parse_once(text)
    else:
        assert parse_once(text) == json.loads(text)


@given(st.text(st.characters()))
def test_displayed_text_is_one_line_without_control_characters(text: str) -> None:
    shown = printable(text)
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    shown.encode()
    assert not set("<>[]()!|`*\\") & set(markdown(text))


@given(st.text(st.characters(), max_size=30))
def test_a_name_is_kept_as_it_is_or_refused(text: str) -> None:
    try:
        name = check_label(text, "the reviewer")
    except InputError as error:
        name = str(error)
    else:
        assert name == text.strip(" \t")
    assert printable(name) == name


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "e\x1b[31mve", "\x9bX", "e\u202eve", "\ud800", "x" * 201])
def test_names_that_people_cannot_read_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        check_label(text, "the reviewer")
