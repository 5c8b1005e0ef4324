"""Settings parsed from text: pauses, shares, a replica's address, a folder."""

import os
import re
from pathlib import Path
from typing import Final, Literal

_LONGEST_PAUSE: Final = 1e6  # seconds, as for other durations
_NUMBER: Final = r"([0-9]+(?:\.[0-9]+)?)"
_LOOPBACK: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\]):([0-9]{1,5})/?")
_LAST_PORT: Final = 65_535
_LONGEST_NAME: Final = 255  # bytes of a file name, the limit of common file systems


def parse_pause(text: str) -> tuple[float, float]:
    """Parse "2" or "1-4" as a range of seconds.

    Raises:
        ValueError: neither a number nor an ascending range, or more than a million.
    """
    found = re.fullmatch(rf"\s*{_NUMBER}\s*(?:-\s*{_NUMBER}\s*)?", text)
    low = float(found[1]) if found else 0.0
    high = float(found[2]) if found and found[2] else low
    if found is None or not low <= high <= _LONGEST_PAUSE:
        raise ValueError(f"expected seconds, as one number or a range such as 1-4, at most {_LONGEST_PAUSE:,.0f}")
    return low, high


def parse_shares(text: str) -> dict[Literal["train", "val", "test"], float]:
    """Parse "80/10/10" as shares of a release for training, validation and test, which add up to 1.

    Raises:
        ValueError: not three whole numbers that add up to 100.
    """
    words = text.split("/")
    if (
        len(words) != 3
        or not all(re.fullmatch(r"\s*[0-9]{1,3}\s*", word) for word in words)
        or sum(map(int, words)) != 100
    ):
        raise ValueError("expected whole percentages for training, validation and test, such as 80/10/10")
    train, val, test = (int(word) / 100 for word in words)
    return {"train": train, "val": val, "test": test}


def parse_replica(text: str) -> str:
    """Return a replica's address without a trailing slash.

    Raises:
        ValueError: the address is not on this machine, or its port is invalid.
    """
    found = _LOOPBACK.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= _LAST_PORT:
        raise ValueError("expected a replica's address on this machine, such as http://127.0.0.1:8765")
    return text.rstrip("/")


def check_folder(path: Path) -> Path:
    """Return the path of a folder, after checking the length of its names.

    Raises:
        ValueError: a name in the path is longer than 255 bytes.
    """
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in path.parts):
        raise ValueError(f"expected a folder with names of at most {_LONGEST_NAME} bytes in its path")
    return path
