"""Ctrl-C is left to the process that builds, pandas to those that use it, and what workers share is not looked through for
garbage.

Belongs here: all three, for the server process that workers are forked from: imported there, it makes workers deaf to Ctrl-C from
their first instant on, so that a build that is interrupted while they start ends with its one line of words, and what it imports after this is loaded a
tenth sooner (each worker turns the garbage collector on again). Does not belong here: anything else; no other process may
import it.
"""

import gc
import signal

from pipeline.without_pandas import go_without_pandas

gc.disable()
go_without_pandas()
signal.signal(signal.SIGINT, signal.SIG_IGN)
