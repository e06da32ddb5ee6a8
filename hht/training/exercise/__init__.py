"""One exercise: its run on disk, its events, its debrief."""
