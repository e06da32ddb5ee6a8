"""The link to the hub: how it is made, what arrives over it, its clocks and its power."""
