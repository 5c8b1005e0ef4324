"""The one place where the environment becomes settings: read, checked whole, and made into a run context.

Called at the edge alone: by the command line, by what Dagster loads, and by the processes that these start.
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
    """The settings of the environment.

    Raises:
        SettingsError: a variable cannot be used; one line names it and says what it takes.
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
    """The settings of the environment, with where progress is shown and what asks the work to stop.

    Raises:
        SettingsError: a variable cannot be used.
    """
    return RunContext(load_settings(), shown, stop or threading.Event())


def load_reading_context(shown: Progress | None = None) -> RunContext:
    """The same for a command that reads a home, and so makes none.

    Raises:
        SettingsError: a variable cannot be used, or there is no home.
    """
    made = load_run_context(shown)
    if (absence := made.home.absence) is not None:
        raise SettingsError(
            f"LAP_HOME={made.home.root}: {absence}; set LAP_HOME to a home, or begin one with `lap run` or `lap demo`"
        )
    return made
