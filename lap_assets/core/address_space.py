"""Check of a process's address space limit (`ulimit -v`): if it is too low, libraries crash in obscure ways."""

import os
from typing import Final

NEEDED: Final = 2 * 2**30
"""Bytes of address space with the graph's libraries loaded; measured: 1.9 GB on two cores."""
NEEDED_BY_MODELS: Final = 3 * 2**30
"""Bytes of address space with torch and faiss as well; measured: 2.7 GB."""


def address_space_problem(*, with_models: bool, limit: int | None = None) -> str | None:
    """Return one line if this process's limit is too low; None if it is high enough, or there is no limit.

    limit: bytes; None means the process's own limit.
    """
    allowed = _limit() if limit is None else limit
    needed = NEEDED_BY_MODELS if with_models else NEEDED
    if allowed is None or allowed >= needed:
        return None
    return (
        f"the limit of address space is {allowed / 2**30:.1f} GB, but each of LAP's processes needs "
        f"{needed / 2**30:.0f} GB{' with models' if with_models else ''}: raise the limit (`ulimit -v unlimited`)"
        f"{', or set the models to none' if with_models else ''}"
    )


def _limit() -> int | None:
    """Return the soft limit in bytes; None if there is none."""
    if os.name != "posix":
        return None
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft
