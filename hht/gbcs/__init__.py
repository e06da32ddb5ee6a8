"""GBCS messages: bytes to meaning and back, their protection and their use cases; no I/O."""
