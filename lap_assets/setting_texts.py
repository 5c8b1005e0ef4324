"""Settings that are written as text and mean several numbers: pauses and shares."""

import re
from typing import Literal


def parse_pause(text: str) -> tuple[float, float]:
    """Reads "2" or "1-4" as seconds.

    Raises:
        ValueError: neither a number nor a rising range.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:-\s*(\d+(?:\.\d+)?)\s*)?", text)
    low = float(found[1]) if found else 0.0
    high = float(found[2]) if found and found[2] else low
    if found is None or high < low:
        raise ValueError("expected seconds, as one number or a range such as 1-4")
    return low, high


def parse_shares(text: str) -> dict[Literal["train", "val", "test"], float]:
    """Reads "80/10/10" as shares of a release for training, validation and test, which add up to 1.

    Raises:
        ValueError: not three whole numbers that add up to 100.
    """
    words = text.split("/")
    if len(words) != 3 or not all(word.strip().isdecimal() for word in words) or sum(map(int, words)) != 100:
        raise ValueError("expected whole percents for training, validation and test, such as 80/10/10")
    train, val, test = (int(word) / 100 for word in words)
    return {"train": train, "val": val, "test": test}
