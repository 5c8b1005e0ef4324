"""Whether a process may map as much memory as the libraries need: a limit (`ulimit -v`) ends them in odd ways."""

import os
from typing import Final

NEEDED: Final = 2 * 2**30
"""Bytes of address space with the graph's libraries loaded; measured: 1.9 GB on two cores."""
NEEDED_BY_MODELS: Final = 3 * 2**30
"""The same with torch and faiss; measured: 2.7 GB."""


def address_space_problem(*, with_models: bool, limit: int | None = None) -> str | None:
    """What is wrong with the limit of this process, in one line; None where it is high enough, or there is none.

    limit: bytes; the process's own where it is None.
    """
    allowed = _limit() if limit is None else limit
    needed = NEEDED_BY_MODELS if with_models else NEEDED
    if allowed is None or allowed >= needed:
        return None
    return (
        f"a process may use {allowed / 2**30:.1f} GB of address space here, and each of LAP's needs "
        f"{needed / 2**30:.0f} GB{' with models' if with_models else ''}: raise the limit (`ulimit -v unlimited`)"
        f"{', or set the models to none' if with_models else ''}"
    )


def _limit() -> int | None:
    """The soft limit in bytes; None where there is none."""
    if os.name != "posix":
        return None
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft
