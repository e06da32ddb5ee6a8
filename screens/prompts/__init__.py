"""Questions asked in a box: a choice, a folder."""
