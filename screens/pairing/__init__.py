"""The pairing of the job's displays and switches."""
