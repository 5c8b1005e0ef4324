"""imagededup for comparison, in an environment of its own, because it needs torch, which LAP does not require.

    python3 -m venv /some/where && /some/where/bin/pip install imagededup

`python -m benchmarks duplicates --imagededup-python` takes the path of that environment's Python. The program that runs
there belongs here.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROGRAM: Final = """
import contextlib, json, sys, time
with contextlib.redirect_stdout(sys.stderr):
    from imagededup.methods import AHash, DHash, PHash
    asked = json.load(sys.stdin)
    seconds = 0.0
    for method in (AHash, PHash, DHash):
        hasher = method(verbose=False)
        start = time.perf_counter()
        for image in asked["images"]:
            hasher.encode_image(image)
        seconds += time.perf_counter() - start
    found, finder = {}, PHash(verbose=False)
    start = time.perf_counter()
    if asked["codes"]:
        found = finder.find_duplicates(
            encoding_map=asked["codes"], max_distance_threshold=asked["limit"], num_dist_workers=0
        )
    search = time.perf_counter() - start
print(json.dumps({"hash": seconds, "search": search, "pairs": sum(map(len, found.values())) // 2}))
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for three hashes of every image, seconds for the search of the codes, and the number of pairs found."""

    hash_seconds: float
    search_seconds: float
    pairs: int


def run_imagededup(
    python: Path, images: Sequence[Path], codes: Sequence[int], max_distance: int, *, timeout: float = 1800
) -> Measured:
    """Hash files one by one, and search 64-bit codes, with imagededup under another Python.

    Raises:
        ValueError: the Python does not exist, lacks imagededup, or took more than `timeout` seconds.
    """
    asked = {
        "images": [str(image.absolute()) for image in images],
        "codes": {str(number): f"{code:016x}" for number, code in enumerate(codes)},
        "limit": max_distance,
    }
    try:
        done = subprocess.run(  # noqa: S603 (the caller's own python, and our program)
            [str(python), "-c", _PROGRAM],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except OSError as error:
        raise ValueError(f"{python}: cannot be run ({error.strerror})") from None
    except subprocess.TimeoutExpired:
        raise ValueError(f"{python}: imagededup took more than {timeout:g} s") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise ValueError(f"{python}: imagededup did not run ({last})")
    result = json.loads(done.stdout)
    return Measured(float(result["hash"]), float(result["search"]), int(result["pairs"]))
