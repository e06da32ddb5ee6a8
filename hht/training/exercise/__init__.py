"""One play of a scenario: its run on disk, its events, its debrief."""
