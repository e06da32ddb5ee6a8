"""A hub changes its channel: the HHT finds it again, and watches each Device come back."""
