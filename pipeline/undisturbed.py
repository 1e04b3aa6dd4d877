"""Ctrl-C is left to the process that builds.

Belongs here: that, for the server process that workers are forked from: imported there, it makes workers deaf to Ctrl-C from
their first instant on, so that a build that is interrupted while they start ends with its one line of words. Does not belong
here: anything else; no other process may import it.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
