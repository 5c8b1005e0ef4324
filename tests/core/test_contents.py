"""Which posters a verdict applies to, by content: equal to a slow search, and in linear work where many are alike."""

import sys
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.names import mal_id_of
from lap_assets.core.verdicts.contents import Contents, Poster

NAMES = [f"MAL0000{anime}_1000_00000{number}.jpg" for anime in (1, 2, 3) for number in (1, 2)]
SHAS = ["a" * 64, "b" * 64, ""]
POSTERS = st.lists(st.builds(Poster, st.sampled_from(NAMES), st.sampled_from(SHAS)), max_size=8)


def searched(posters: list[Poster], name: str, sha256: str, *, complete: bool) -> set[Poster]:
    """Look at every poster: those of the anime with these bytes, and one of this name whose bytes are unknown."""
    found = {
        one
        for one in posters
        if (one.sha256 == sha256 and mal_id_of(one.name) == mal_id_of(name)) or one == Poster(name)
    }
    is_named = any(one.name == name for one in posters)
    return found or (set() if complete or is_named else {Poster(name, sha256)})


@given(POSTERS, st.sampled_from(NAMES), st.sampled_from(SHAS[:2]), st.booleans())
def test_the_holders_are_those_that_a_search_finds(
    posters: list[Poster], name: str, sha256: str, complete: bool
) -> None:
    contents = Contents(posters, complete=complete)
    for _ in range(2):  # the answer does not change what is answered next
        found = contents.holders(name, sha256)
        assert len(found) == len(set(found))
        assert set(found) == searched(posters, name, sha256, complete=complete)


def test_many_posters_with_the_same_bytes_cost_their_number() -> None:
    crowd = [Poster(f"MAL{number:05d}_1000_{number:06d}.jpg", "a" * 64) for number in range(1, 401)]
    contents, calls = Contents(crowd, complete=True), Counter[str]()

    def count(frame: Any, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        found = [contents.holders(*one) for one in crowd]
    finally:
        sys.setprofile(None)
    assert found == [[one] for one in crowd]
    assert calls["mal_id_of"] <= 3 * len(crowd)
