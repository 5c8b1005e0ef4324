"""How a model's arithmetic is spread over the cores, so that a result depends on its picture alone.

Kernels choose their blocks by the shape of a batch and the number of threads, and sum in another order in each: a
picture that shares a batch, or is computed by more threads, gets other last digits. So on the CPU each thread computes
one picture by itself, with one torch thread, and the cores share the pictures instead. Models' own rules are elsewhere.
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
_SHARE: Final = 0.5  # of the memory that is available, for pictures that are computed at the same time
_lock = Lock()


def most_at_once(megabytes: int, threads: int | None = None) -> int:
    """How many pictures may be computed at the same time: one a core, as far as memory reaches; 1 at least.

    megabytes: what one takes, in MB. threads: how many there are; None: the cores.
    """
    cores = threads or cpu_count() or 1
    available = available_megabytes()
    return cores if available is None or not megabytes else max(1, min(cores, int(available * _SHARE) // megabytes))


def available_megabytes() -> int | None:
    """Memory that is available to this process, in MB; None where the machine does not say."""
    found = []
    with suppress(OSError, KeyError, ValueError):  # not Linux
        lines = dict(line.split(":", 1) for line in _MACHINE.read_text().splitlines())
        found.append(int(lines["MemAvailable"].split()[0]) // 1024)
    with suppress(OSError, ValueError):  # no container, or one without a limit
        found.append((int(_LIMIT.read_text()) - int(_USED.read_text())) // 2**20)
    return min(found, default=None)


def arithmetic() -> str:
    """What the last digits of a model's numbers depend on between machines, in words; empty while no model is loaded.

    Kernels are chosen by the processor's maker, instructions and caches, and change with versions of torch.
    """
    torch: Any = sys.modules.get("torch")
    onnx: Any = sys.modules.get("onnxruntime")
    beside = [f"onnxruntime {onnx.__version__}"] if onnx is not None else []
    if torch is None:
        return ", ".join([*beside, _processor()] if beside else [])
    kernels = torch.backends.cpu.get_cpu_capability()
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return ", ".join([f"torch {torch.__version__}", *beside, f"{_processor()}, {kernels}{gpu}"])


def _processor() -> str:
    with suppress(OSError):
        names = [line for line in _PROCESSOR.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0].partition(":")[2].strip()
    return platform.machine()


def one_torch_thread_each(threads: int) -> ThreadPoolExecutor:
    """A pool in which torch computes with one thread in each of `threads`. Other threads of the process keep theirs."""
    return ThreadPoolExecutor(threads, initializer=_use_one_torch_thread)


def _use_one_torch_thread() -> None:
    """Torch keeps the number for each thread, and one more that new threads begin with: that one is put back."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    with _lock:
        before = torch.get_num_threads()
        if before != 1:
            torch.set_num_threads(1)
            putting_back = Thread(target=torch.set_num_threads, args=(before,))
            putting_back.start()
            putting_back.join()
