"""The end of a batch: what became of every unit, in a file that answers for itself."""
