"""The Device types of GBCS, one module for each."""
