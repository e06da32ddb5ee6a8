"""More: what is wanted now and then, and what a handheld is set up with."""
