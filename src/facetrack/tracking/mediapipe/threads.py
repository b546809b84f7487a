"""Where the hands are looked for: in a thread of their own, or, on one core, here and now."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class InThisThread(Executor):
    """Does at once what is submitted."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done

    def shutdown(self, *_: Any, **__: Any) -> None:
        """Do nothing: there is nothing to end."""


def other_threads(count: int) -> Executor:
    """Make threads that work off what is submitted."""
    return ThreadPoolExecutor(count, "facetrack-hands")
