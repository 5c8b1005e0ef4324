"""The Celery app for the settings: one configuration for runs, steps, workers and monitoring.

A task leaves its queue when it starts and is never redelivered automatically: a step may take days, and no timeout
could distinguish a long step from a dead one. Instead, the worker is asked whether it is alive (`watching`).
"""

from functools import lru_cache
from typing import Any, Final

from lap_assets.core.errors import SettingsError
from lap_assets.queues import CPU
from lap_assets.settings import Settings

# A task that was fetched but not acknowledged is redelivered after this; `tasks` refuses a second start.
_REDELIVERED_AFTER: Final = 60.0  # seconds
_DAYS_KEPT: Final = 30  # for results: longer than any run; a step's result is deleted once its run has read it


def app_arguments(settings: Settings) -> dict[str, Any]:
    """Return the arguments of `dagster_celery.make_app`.

    Raises:
        SettingsError: LAP_BROKER_URL is not set.
    """
    if not settings.broker_url:
        raise SettingsError("LAP_BROKER_URL is not set: expected the cluster's Redis, such as redis://host:6379/0")
    return {"broker": settings.broker_url, "backend": settings.broker_url, "config_source": _CONFIG}


def broker_app(settings: Settings) -> Any:
    """Return the app; one per process and broker, so that connections are shared.

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
    "task_track_started": True,  # records which worker runs it
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,  # a busy worker must not reserve tasks that an idle one could run
    "result_expires": _DAYS_KEPT * 24 * 3600,
    # If the broker is unavailable, both sides wait for it without a limit.
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {"visibility_timeout": _REDELIVERED_AFTER, "socket_keepalive": True},
    "task_publish_retry_policy": {"max_retries": None, "interval_start": 0, "interval_step": 0.5, "interval_max": 5},
    "result_backend_always_retry": True,
    "result_backend_transport_options": {
        "retry_policy": {"max_retries": None, "interval_start": 0, "interval_step": 0.5, "interval_max": 5}
    },
    "redis_socket_keepalive": True,
}
