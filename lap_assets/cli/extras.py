"""Advice for a command whose packages belong to an extra that is not installed. None of them is imported here."""

from typing import Final

_PIPELINE: Final = frozenset(
    {
        "dagster", "dagster_polars", "dagster_webserver", "httpx", "numba", "parsel", "polars",
        "safetensors", "scipy", "spandrel", "sqlalchemy", "starlette", "timm", "torch", "torchvision", "uvicorn",
        "faiss",
    }
)  # fmt: skip
_ONNX: Final = frozenset({"onnxruntime"})
_CLUSTER: Final = frozenset({"celery", "dagster_celery", "dagster_postgres", "psycopg2", "redis", "kombu"})


def advice(error: ModuleNotFoundError) -> str | None:
    """Return one line that says what to install; None if the module belongs to no extra, which is a bug."""
    package = (error.name or "").partition(".")[0]
    if package in _CLUSTER:
        return f"this command needs {package}: pip install 'lap-assets[cpu,cluster]'"
    if package in _ONNX:
        return f"this command needs {package}: pip install 'lap-assets[onnx]'"
    if package in _PIPELINE:
        return f"this command needs {package}: pip install 'lap-assets[cpu]', or [gpu] for a machine with CUDA"
    return None
