"""What a bench and a unit say to each other over a serial or USB port (docs/unit-protocol.md)."""
