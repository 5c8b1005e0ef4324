"""The Rx listing (`r=6`) as a hint: it saves reading the pages of the anime it lists, and decides nothing.

The site may hide the filter, ignore it, or list in any order. A hint is used if it is plausible: it lists some but not
all anime, and none that the whole listing lacks. Contradictions with the anime's own pages are reported.
"""

from collections.abc import Collection
from typing import Final

from lap_assets.sites.ratings import Rating, ids_rated
from lap_assets.sites.state import SiteState

_KEY: Final = "rx_hint"
_ALL_FROM: Final = 50  # a smaller set of anime may really be all Rx
_SHARE: Final = 0.9
_SHOWN: Final = 10
_ENOUGH: Final = 300  # known ratings needed to judge the share; about 6 % of MAL's anime are rated Rx
_AGREES: Final = "agrees with the anime's own pages"


def implausible(state: SiteState, listed: Collection[int], *, whole: bool) -> str | None:
    """Return why the Rx listing is implausible, or None; `listed`: its ids, `whole`: from all of its pages."""
    known = {mal_id for (mal_id,) in state.rows("SELECT mal_id FROM anime")}
    strangers = set(listed) - known
    rated = len(ids_rated(state, Rating.RATED) & set(listed))
    if len(listed) >= _ALL_FROM and len(listed) >= _SHARE * len(known):
        return f"it lists {len(listed)} of {len(known)} anime: the filter has no effect"
    if len(listed) >= _ALL_FROM and rated > len(listed) / 2:
        return f"it lists {rated} anime that are not Rx according to their own pages: the filter has no effect"
    if len(strangers) > max(len(listed) // 10, 5):
        return f"it lists {len(strangers)} anime that the whole listing lacks"
    if whole and not listed and (hidden := len(ids_rated(state, Rating.RX))):
        return f"it lists nothing, but {hidden} anime are Rx according to their own pages: the filter is hidden"
    return None


def note(state: SiteState, problem: str | None) -> None:
    """Store what is wrong with the Rx listing (None: nothing), in the caller's transaction."""
    state.put(_KEY, {"problem": problem})


def doubts(state: SiteState) -> list[str]:
    """Return doubts about the Rx ratings, one line each: the listing, its agreement with the pages, the share of Rx."""
    agreement = in_words(state)
    found = [] if agreement == _AGREES else [f"the listing of Rx: {agreement}"]
    ((known, rx),) = state.rows(
        "SELECT count(*), sum(iif(told IS NULL, excluded, told = 'rx')) FROM anime WHERE excluded OR told IS NOT NULL"
    )
    if known >= _ENOUGH and not rx:
        found.append(f"none of {known:,} anime is rated Rx: are the ratings hidden?")
    if known >= _ENOUGH and rx and rx >= _SHARE * known:
        found.append(f"{rx:,} of {known:,} anime are rated Rx: are the ratings right?")
    return found


def in_words(state: SiteState) -> str:
    """Return, in words, how the Rx listing agrees with the anime's own pages."""
    problem = (state.get(_KEY) or {}).get("problem")
    if problem:
        return f"ignored: {problem}"
    against = state.rows("SELECT mal_id FROM anime WHERE excluded AND told = 'rated' AND listed = '' ORDER BY mal_id")
    if not against:
        return _AGREES
    shown = ", ".join(str(mal_id) for (mal_id,) in against[:_SHOWN])
    more = " …" * (len(against) > _SHOWN)
    return f"lists {len(against)} anime that are not Rx according to their own pages: {shown}{more}"
