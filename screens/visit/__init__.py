"""What an engineer does on a visit, and the visit's state, for every screen."""
