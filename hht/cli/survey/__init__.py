"""`hht survey`: measure the 2.4 GHz channels of a premises, show them, and advise which to use."""
