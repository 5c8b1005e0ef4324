"""Text on MAL's pages: statements that a page is empty, and ratings."""

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from parsel import Selector


_WORDS: Final = "//body//text()[not(ancestor::script) and not(ancestor::style)]"
_LABEL: Final = "Rating:"
_MOST_LABELS: Final = 20
_MOST_WORDS: Final = 150  # characters of a text that states that a page is empty; a longer text is user content


def says(page: "Selector", words: re.Pattern[str]) -> bool:
    """Return whether the page contains these words in a text of its own rather than in user content."""
    texts = (" ".join(text.split()) for text in page.xpath(_WORDS).getall())
    return any(len(text) <= _MOST_WORDS and words.search(text) for text in texts)


def words_of_rating(page: "Selector") -> list[str]:
    """Return the text after each label "Rating:", in the label's element or its parent; [] if there are too many.

    The elements are walked in Python, because XPath compares all labels of a page with each other.
    """
    labels = list(islice((one for one in page.root.iter() if _is_label(one)), _MOST_LABELS + 1))
    return [_words_after(label) for label in labels] if len(labels) <= _MOST_LABELS else []


def _is_label(element: Any) -> bool:
    """Return whether the element's own first text begins with the label."""
    if not isinstance(element.tag, str) or element.tag == "script":  # a comment's tag is a function
        return False
    first = element.text or next((child.tail for child in element if child.tail), "")
    return bool(first.lstrip().startswith(_LABEL))


def _words_after(label: Any) -> str:
    own = _text(label).removeprefix(_LABEL).strip()
    parent = label.getparent()
    return own or ("" if parent is None else _text(parent).partition(_LABEL)[2].strip())


def _text(element: Any) -> str:
    return " ".join(str(element.xpath("string(.)")).split())
