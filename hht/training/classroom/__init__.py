"""A class: its curriculum, marks, results and certificates."""
