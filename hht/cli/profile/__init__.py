"""`hht profile` on the command line."""
