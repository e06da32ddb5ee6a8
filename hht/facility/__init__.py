"""The facility: PPMIDs in bulk, each loaded with its own package and never another's."""
