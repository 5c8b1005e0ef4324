import os
import subprocess
import sys

import pytest

from lap_assets.core.address_space import NEEDED, NEEDED_BY_MODELS, address_space_problem

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from lap_assets.core.address_space import address_space_problem
print(address_space_problem(with_models=True))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX")
@pytest.mark.parametrize(
    ("limit", "says"), [(3 * 2**29, "the limit of address space is 1.5 GB"), (NEEDED_BY_MODELS, "None")]
)
def test_the_limit_of_the_process_counts(limit: int, says: str) -> None:
    ended = subprocess.run([sys.executable, "-c", LIMITED, str(limit)], capture_output=True, text=True)
    assert ended.stdout.startswith(says), ended.stderr


def test_what_is_needed_depends_on_whether_models_run() -> None:
    assert address_space_problem(with_models=False, limit=NEEDED) is None
    assert "with models" not in (address_space_problem(with_models=False, limit=NEEDED - 1) or "")
    assert "set the models to none" in (address_space_problem(with_models=True, limit=NEEDED) or "")
