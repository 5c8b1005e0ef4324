"""Arguments with a second name, for the names that the original's scripts use."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def also_called(names: Mapping[str, str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that accepts each keyword in `names` for the argument to which it maps.

    The function raises TypeError if an argument is given under both names.
    """

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            for other, name in names.items():
                if other in kwargs:
                    if name in kwargs:
                        raise TypeError(f"{function.__name__}() got {name!r} twice: also as {other!r}")
                    kwargs[name] = kwargs.pop(other)
            return function(*args, **kwargs)

        return called

    return decorated
