"""Commands for a class: its seats, results and certificates."""
