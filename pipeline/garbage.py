"""When Python looks for garbage.

Belongs here: that. Does not belong here: when a process begins to (undisturbed.py, aside.py, assets/build.py).
"""

import gc


def collect_rarely() -> None:
    """Lets the garbage collector run rarely, and never over what is there by now, which stays: modules, mostly.

    Reports and runs make thousands of small objects and next to no cycles among them.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 50, 50)
