"""The Celery app, as the settings say: one configuration for runs, steps, workers and whoever asks after them.

A task is taken off its queue when it starts and is never handed out again behind our back: a step may take days, and no
time-out could tell a long one from a dead one. Whether its worker lives is asked of the worker (`watching`).
"""

from functools import lru_cache
from typing import Any, Final

from lap_assets.core.errors import SettingsError
from lap_assets.queues import CPU
from lap_assets.settings import Settings

# A task that was fetched and not started (a moment) comes back after this; then a second start is refused (`tasks`).
_BACK_AFTER: Final = 60.0
_DAYS_KEPT: Final = 30  # of results: longer than any run; a step's is dropped as soon as its run has read it


def app_arguments(settings: Settings) -> dict[str, Any]:
    """What `dagster_celery.make_app` takes.

    Raises:
        SettingsError: LAP_BROKER_URL is not set.
    """
    if not settings.broker_url:
        raise SettingsError("LAP_BROKER_URL is not set: give the Redis that the cluster meets at, redis://host:6379/0")
    return {"broker": settings.broker_url, "backend": settings.broker_url, "config_source": _CONFIG}


def broker_app(settings: Settings) -> Any:
    """The app; one a process and broker, so that its connections are shared.

    Raises:
        SettingsError: LAP_BROKER_URL is not set, or the packages for a cluster are not installed.
    """
    app_arguments(settings)
    return _app(str(settings.broker_url))


@lru_cache(maxsize=1)
def _app(url: str) -> Any:
    try:
        from dagster_celery.make_app import make_app
    except ImportError as error:
        raise SettingsError(
            f"LAP_BROKER_URL is set, but {error.name} is not installed: pip install 'lap-assets[cluster]'"
        ) from None
    return make_app({"broker": url, "backend": url, "config_source": _CONFIG})


_CONFIG: Final[dict[str, Any]] = {
    "accept_content": ["json"],
    "task_default_queue": CPU,
    "task_default_priority": 5,
    "task_acks_late": False,
    "task_track_started": True,  # tells which worker has it
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,  # a busy worker holds nothing back from an idle one
    "result_expires": _DAYS_KEPT * 24 * 3600,
    # A broker that is away for a while is waited for, on both sides, as long as it takes.
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {"visibility_timeout": _BACK_AFTER, "socket_keepalive": True},
    "task_publish_retry_policy": {"max_retries": None, "interval_start": 0, "interval_step": 0.5, "interval_max": 5},
    "result_backend_always_retry": True,
    "result_backend_transport_options": {
        "retry_policy": {"max_retries": None, "interval_start": 0, "interval_step": 0.5, "interval_max": 5}
    },
    "redis_socket_keepalive": True,
}
