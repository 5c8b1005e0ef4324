"""What MAL's pages say in words: that there is nothing, and how an anime is rated."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from parsel import Selector


_WORDS: Final = "//body//text()[not(ancestor::script) and not(ancestor::style)]"
_LABELS: Final = '//*[not(self::script)][starts-with(normalize-space(text()), "Rating:")]'
_MOST_WORDS: Final = 150  # characters of a text that says that a page is empty; more is somebody's prose


def says(page: "Selector", words: re.Pattern[str]) -> bool:
    """Whether the page says these words, in a text of its own rather than within somebody's prose."""
    texts = (" ".join(text.split()) for text in page.xpath(_WORDS).getall())
    return any(len(text) <= _MOST_WORDS and words.search(text) for text in texts)


def words_of_rating(page: "Selector") -> list[str]:
    """What stands after each label "Rating:", in the label's element or after it."""
    found = []
    for label in page.xpath(_LABELS):
        own = " ".join(label.xpath("string(.)").get("").split()).removeprefix("Rating:")
        around = " ".join(label.xpath("string(..)").get("").split())
        found.append(own.strip() or around.partition("Rating:")[2].strip())
    return found
