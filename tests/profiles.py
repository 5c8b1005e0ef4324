"""Hypothesis profiles: few examples for `make test`, all for `make test-all` (`--hypothesis-profile=long`).

The few examples are the same every time, so that one tree passes or fails alike on every machine. The long profile
draws others each time, which finds new faults. No example has a deadline, since the machine may be busy.
"""

from typing import Final

from hypothesis import HealthCheck, settings

_WHOLE: Final = 100  # examples of a test that does not say how many it wants, in the long profile
_SHORT: Final = 20
_FEWEST: Final = 8

for _name, _count in (("long", _WHOLE), ("short", _SHORT)):
    settings.register_profile(
        _name,
        max_examples=_count,
        deadline=None,
        derandomize=_name == "short",
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        print_blob=True,
    )
settings.load_profile("short")


def examples(count: int) -> settings:
    """Draw `count` examples in the long profile, and proportionally fewer in the short one."""
    return settings(max_examples=max(min(count, _FEWEST), count * settings().max_examples // _WHOLE))
