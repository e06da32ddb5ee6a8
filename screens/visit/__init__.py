"""What an engineer does on a visit, and how the visit stands, for every screen."""
