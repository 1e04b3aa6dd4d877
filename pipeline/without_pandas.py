"""Processes that use no pandas.

Belongs here: that they do not load it either. Does not belong here: which processes these are.

pyarrow imports pandas as soon as it makes its first array, if there is a pandas: a third of a second and 40 MB for nothing.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class _Refusal(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("this process goes without pandas (pipeline/without_pandas.py)", name=name)


def go_without_pandas() -> None:
    """From now on to the end of this process there is no pandas; nothing happens if it is loaded already."""
    if "pandas" not in sys.modules and not goes_without_pandas():
        sys.meta_path.insert(0, _Refusal())


def goes_without_pandas() -> bool:
    """Whether this process can load nothing that needs pandas."""
    return any(isinstance(finder, _Refusal) for finder in sys.meta_path)
