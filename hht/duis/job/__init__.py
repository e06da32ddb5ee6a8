"""What a job pack says beside its Local Commands."""
