"""Groups of posters that probably show one picture."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.review.groups import LEAST, LINK, Pair, Probabilities, group_posters


def on_a_line(at: dict[str, float], reach: float) -> tuple[list[tuple[str, str, float]], Probabilities]:
    """Posters on a line: the probability of a pair falls with its distance, to 0 beyond `reach`."""

    def probability(pair: Pair) -> float:
        return max(0.0, 1 - abs(at[pair[0]] - at[pair[1]]) / reach)

    def probabilities(pairs: Sequence[Pair]) -> list[float]:
        return [probability(pair) for pair in pairs]

    names = sorted(at)
    links = [(a, b, probability((a, b))) for n, a in enumerate(names) for b in names[n + 1 :]]
    return [link for link in links if link[2] >= 0.3], probabilities


def test_copies_of_one_picture_are_one_group_and_others_stay_out() -> None:
    links = [("a", "b", 0.99), ("b", "c", 0.9), ("d", "e", 0.7), ("e", "f", 0.2)]
    assert group_posters(links, lambda pairs: [0.8] * len(pairs)) == [("a", "b", "c"), ("d", "e")]


def test_a_chain_of_near_pairs_is_cut_at_its_weak_links() -> None:
    at = {f"p{number:02d}": float(number) for number in range(12)}
    links, probabilities = on_a_line(at, reach=4)
    groups = group_posters(links, probabilities)
    assert max(map(len, groups)) < 6
    assert sorted(name for group in groups for name in group) == sorted(at)


def test_a_pair_that_people_called_distinct_is_never_in_one_group() -> None:
    links = [("a", "b", 0.99), ("b", "c", 0.98), ("a", "c", 0.9)]
    groups = group_posters(links, lambda pairs: [0.9] * len(pairs), distinct=[("a", "c")])
    assert groups == [("a", "b")]


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.floats(0, 20), max_size=14), st.floats(0.5, 6))
def test_no_group_has_an_improbable_pair_and_each_poster_is_in_one(at: dict[str, float], reach: float) -> None:
    links, probabilities = on_a_line(at, reach)
    groups = group_posters(links, probabilities)
    assert groups == group_posters(list(reversed(links)), probabilities)
    names = [name for group in groups for name in group]
    assert len(names) == len(set(names))
    for group in groups:
        pairs = [(a, b) for n, a in enumerate(group) for b in group[n + 1 :]]
        found = probabilities(pairs)
        assert min(found) >= LEAST
        assert sum(found) / len(found) >= LINK - 1e-9
