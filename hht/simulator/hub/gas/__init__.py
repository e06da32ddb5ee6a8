"""The hub's link to its GSMEs: tunnel, sleep, and the GPF's tap off."""
