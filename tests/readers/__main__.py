"""Read a release with the programs that people use: `make test-readers`.

    python -m tests.readers FOLDER READERS_PYTHON [READER…]

A demo's home with a person's labels is released, packed, unpacked elsewhere, and read by each program. Each must find
the contents of the release's own tables: every picture, every box, every class. The programs run in an environment
of their own. Running them and checking their answers belong here; they read in `reading`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from lap_assets.release.verify import problems_of
from tests.readers.comparing import differences
from tests.readers.making import unpacked_release
from tests.readers.truth import Truth, truth_of

READERS = ("pycocotools", "datasets", "mlcroissant", "ultralytics", "torchvision", "supervision")


def main(folder: Path, python: Path, *chosen: str) -> int:
    """Print a line for each reader; return 1 if any found something else than the release holds."""
    unknown = [reader for reader in chosen if reader not in READERS]
    if unknown:
        print(f"{unknown[0]} is not one of {', '.join(READERS)}")
        return 2
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = perf_counter()
    release = unpacked_release(folder)
    truth = truth_of(release)
    print(f"{perf_counter() - start:.0f} s: {release.name} made, packed and unpacked: {truth.described()}", flush=True)
    wrong = {reader: _asked(reader, release, truth, python, folder) for reader in chosen or READERS}
    wrong["afterwards"] = problems_of(release)
    for reader, lines in wrong.items():
        print(*(f"{reader}: {line}" for line in lines), sep="\n", end="\n" if lines else "")
    return int(any(wrong.values()))


def _asked(reader: str, release: Path, truth: Truth, python: Path, folder: Path) -> list[str]:
    """Return the differences between a reader's answer and the release."""
    start, answer = perf_counter(), folder / f"{reader}.json"
    command = [python, "-W", "ignore", "-m", "tests.readers.reading", reader, release, answer]
    ended = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True)
    if ended.returncode:
        print(f"{reader}: it ended with status {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ["it could not read the release"]
    found = json.loads(answer.read_text())
    wrong = differences(found, truth)
    counts = "; ".join(f"{name} {len(part)} images, {sum(map(len, part.values()))} boxes"
                       for name, part in found["parts"].items())  # fmt: skip
    print(f"{perf_counter() - start:.0f} s: {reader} {found['version']}: {counts}", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
