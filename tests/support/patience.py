"""How long a test waits for what other processes and threads do."""

PATIENCE = 60.0
"""Real seconds. A few are needed, on a busy machine ten times as many; what never comes fails as
such before the guard of hang_guard.py ends the test."""
