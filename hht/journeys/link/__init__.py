"""The link to the hub: how it comes about, what arrives over it, its clocks and its power."""
