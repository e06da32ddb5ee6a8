"""A job checked before the van leaves: what is missing, doubled, for another hub, out of order."""
