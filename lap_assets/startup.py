"""Reads the environment into settings, checks them, and builds the run context. No other module does.

Called only at the edge: by the command line, by the definitions that Dagster loads, and by processes these start.
"""

import threading

from lap_assets.core.errors import RulesError, SettingsError
from lap_assets.core.progress import Progress
from lap_assets.duplicates.rules import rules_from
from lap_assets.models.compared import check_compared
from lap_assets.models.specs import check_choices
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings


def load_settings() -> Settings:
    """Return the environment's settings, checked.

    Raises:
        SettingsError: a variable is invalid; one line names it and the expected value.
    """
    settings = Settings.load()
    check_choices(settings)
    check_compared(settings)
    try:
        rules_from(settings.rules)
    except RulesError as error:
        raise RulesError(*(f"LAP_RULES: {problem}" for problem in error.problems)) from None
    return settings


def load_run_context(shown: Progress | None = None, stop: threading.Event | None = None) -> RunContext:
    """Return a run context with the environment's settings. `shown`: where progress is shown; `stop`: set to cancel.

    Raises:
        SettingsError: a variable is invalid.
    """
    return RunContext(load_settings(), shown, stop or threading.Event())


def load_reading_context(shown: Progress | None = None) -> RunContext:
    """Return a run context for a command that only reads a home and must not create one.

    Raises:
        SettingsError: a variable is invalid, or there is no home.
    """
    context = load_run_context(shown)
    if (absence := context.home.absence) is not None:
        raise SettingsError(
            f"LAP_HOME={context.home.root}: {absence}; set LAP_HOME to a home, "
            "or start one with `lap run` or `lap demo`"
        )
    return context
