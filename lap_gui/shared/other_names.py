"""Arguments that may be called by another name, too: the original's scripts name some of them otherwise."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def also_called(names: Mapping[str, str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: the keywords of `names` stand for the arguments that they map to.

    The function raises TypeError where one argument is given by both names.
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
