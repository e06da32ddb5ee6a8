"""Protection at rest: PIN, vault, sealed fields, key ring, auto-lock."""
