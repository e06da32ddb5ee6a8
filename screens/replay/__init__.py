"""A visit played again from its journal."""
