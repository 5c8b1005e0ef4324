"""The listing of Rx (`r=6`) as a hint: it saves reading the pages of those whom it lists, and decides nothing.

The site may hide the filter, ignore it, or list in any order. A hint is used where it is plausible: it lists some of
the anime and not all of them, and none that no listing has. What it says against the anime's own pages is told.
"""

from collections.abc import Collection
from typing import Final

from lap_assets.sites.ratings import Rating, told
from lap_assets.sites.state import SiteState

_KEY: Final = "rx_hint"
_ALL_FROM: Final = 50  # fewer anime may all be rated Rx
_SHARE: Final = 0.9
_SHOWN: Final = 10
_ENOUGH: Final = 300  # anime whose ratings are known; about 6 % of MAL's are rated Rx
_AGREES: Final = "agrees with the anime's own pages"


def implausible(state: SiteState, listed: Collection[int], *, whole: bool) -> str | None:
    """Why the listing of Rx cannot be believed, or None; `listed`: ids that it had, `whole`: from all of its pages."""
    known = {mal_id for (mal_id,) in state.rows("SELECT mal_id FROM anime")}
    strangers = set(listed) - known
    rated = len(told(state, Rating.RATED) & set(listed))
    if len(listed) >= _ALL_FROM and len(listed) >= _SHARE * len(known):
        return f"it lists {len(listed)} of {len(known)} anime: the filter is not obeyed"
    if len(listed) >= _ALL_FROM and rated > len(listed) / 2:
        return f"it lists {rated} anime whose own pages say that they are not Rx: the filter is not obeyed"
    if len(strangers) > max(len(listed) // 10, 5):
        return f"it lists {len(strangers)} anime that the whole listing does not have"
    if whole and not listed and (hidden := len(told(state, Rating.RX))):
        return f"it lists nothing, though {hidden} anime say on their own pages that they are Rx: the filter is hidden"
    return None


def note(state: SiteState, problem: str | None) -> None:
    """Remembers what is wrong with the listing of Rx, in the caller's transaction."""
    state.put(_KEY, {"problem": problem})


def doubts(state: SiteState) -> list[str]:
    """What is odd about who is rated Rx, in words: the listing of Rx, its agreement with the pages, their number."""
    said = in_words(state)
    found = [] if said == _AGREES else [f"the listing of Rx: {said}"]
    ((known, rx),) = state.rows(
        "SELECT count(*), sum(iif(told IS NULL, excluded, told = 'rx')) FROM anime WHERE excluded OR told IS NOT NULL"
    )
    if known >= _ENOUGH and not rx:
        found.append(f"none of {known:,} anime is rated Rx: are the ratings hidden?")
    if known >= _ENOUGH and rx and rx >= _SHARE * known:
        found.append(f"{rx:,} of {known:,} anime are rated Rx: are the ratings right?")
    return found


def in_words(state: SiteState) -> str:
    """How the listing of Rx and the anime's own pages agree."""
    problem = (state.get(_KEY) or {}).get("problem")
    if problem:
        return f"ignored: {problem}"
    against = state.rows("SELECT mal_id FROM anime WHERE excluded AND told = 'rated' AND listed = '' ORDER BY mal_id")
    if not against:
        return _AGREES
    shown = ", ".join(str(mal_id) for (mal_id,) in against[:_SHOWN])
    return f"lists {len(against)} anime that are not Rx by their own pages: {shown}{' …' * (len(against) > _SHOWN)}"
