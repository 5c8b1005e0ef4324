"""Distributing a model's arithmetic over the cores, so that a result depends only on its picture.

Kernels choose block sizes by the shape of a batch and the number of threads, and each choice sums in a different order:
the last digits of a picture's result change with its batch and the number of threads. So on the CPU, each thread
computes one picture at a time with one torch thread, and the cores share the pictures.
"""

import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from os import cpu_count
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")
_USED: Final = Path("/sys/fs/cgroup/memory.current")
_MACHINE: Final = Path("/proc/meminfo")
_PROCESSOR: Final = Path("/proc/cpuinfo")
_SHARE: Final = 0.5  # of the available memory, for pictures computed at the same time
_lock = Lock()


def most_at_once(megabytes: int, threads: int | None = None) -> int:
    """Return how many pictures may be computed at the same time: one per core, if memory allows; at least 1.

    megabytes: memory per picture, in MB. threads: the number of threads (default: one per core).
    """
    cores = threads or cpu_count() or 1
    available = available_megabytes()
    return cores if available is None or not megabytes else max(1, min(cores, int(available * _SHARE) // megabytes))


def available_megabytes() -> int | None:
    """Return the memory available to this process, in MB; None if unknown."""
    found = []
    with suppress(OSError, KeyError, ValueError):  # not Linux
        lines = dict(line.split(":", 1) for line in _MACHINE.read_text().splitlines())
        found.append(int(lines["MemAvailable"].split()[0]) // 1024)
    with suppress(OSError, ValueError):  # no container, or one without a limit
        found.append((int(_LIMIT.read_text()) - int(_USED.read_text())) // 2**20)
    return min(found, default=None)


def arithmetic() -> str:
    """Describe what the last digits of results depend on across machines; empty while no model is loaded.

    Kernels depend on the processor's vendor, instructions and caches, and on the version of torch.
    """
    torch: Any = sys.modules.get("torch")
    onnx: Any = sys.modules.get("onnxruntime")
    of_onnx = [f"onnxruntime {onnx.__version__}"] if onnx is not None else []
    if torch is None:
        return ", ".join([*of_onnx, _processor()] if of_onnx else [])
    kernels = torch.backends.cpu.get_cpu_capability()
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return ", ".join([f"torch {torch.__version__}", *of_onnx, f"{_processor()}, {kernels}{gpu}"])


def _processor() -> str:
    with suppress(OSError):
        names = [line for line in _PROCESSOR.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0].partition(":")[2].strip()
    return platform.machine()


def one_torch_thread_each(threads: int) -> ThreadPoolExecutor:
    """Return a pool of threads, in each of which torch uses one thread. Other threads of the process are unaffected."""
    return ThreadPoolExecutor(threads, initializer=_use_one_torch_thread)


def _use_one_torch_thread() -> None:
    """Set torch's thread count to 1 in this thread, then restore the default for new threads, which also changed."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    with _lock:
        default = torch.get_num_threads()
        if default != 1:
            torch.set_num_threads(1)
            restoring = Thread(target=torch.set_num_threads, args=(default,))
            restoring.start()
            restoring.join()
