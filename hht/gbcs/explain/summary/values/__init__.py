"""The values in a summary: which of them, in what words, as many as there is room for."""
