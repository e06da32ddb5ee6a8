"""The training head-end: a job's Local Commands, composed as the DCC composes them."""
