"""`hht replay`: what happened on a visit, again, from its journal."""
