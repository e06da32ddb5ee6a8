"""The class's board, for the trainer: every seat, and one of them beside its hub."""
