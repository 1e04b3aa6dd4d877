"""What a run says when a step fails.

Belongs here: from an error of pipeline/ to a Dagster failure, and whether to try again. Does not belong here: the steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import (
    AssetExecutionContext,
    Backoff,
    DagsterExecutionInterruptedError,
    Failure,
    Jitter,
    RetryPolicy,
)

from pipeline.errors import GongkaiError
from pipeline.state.results import DamagedError

AT_ONCE = "gongkai/at_once"
"""Tag of a run that somebody waits for: it does not try again later, it says what is wrong."""
DAMAGED, INTERRUPTED = "damaged", "interrupted"
RETRIES = RetryPolicy(max_retries=3, delay=10, backoff=Backoff.EXPONENTIAL, jitter=Jitter.PLUS_MINUS)


@contextmanager
def failing_in_words(context: AssetExecutionContext) -> Iterator[None]:
    """Turns what can go wrong outside the reports (folders, locks, disks) into a failure with one line of words.

    In a run that somebody waits for, whatever goes wrong ends it at once, Ctrl-C first of all: left to the retry policy,
    it would be tried again.
    """
    waited_for = AT_ONCE in context.run.tags
    try:
        yield
    except (GongkaiError, OSError) as error:
        metadata = {DAMAGED: isinstance(error, DamagedError)}
        raise Failure(_words(error), metadata=metadata, allow_retries=not waited_for) from error
    except BaseException as error:
        if not waited_for or isinstance(error, GeneratorExit):
            raise
        interrupted = isinstance(error, KeyboardInterrupt | DagsterExecutionInterruptedError)
        interrupted |= str(error) == "Query interrupted"  # DuckDB's word for Ctrl-C
        words = f"unexpected {type(error).__name__}: {error}"
        raise Failure(words, metadata={INTERRUPTED: interrupted}, allow_retries=False) from error


def _words(error: GongkaiError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)
