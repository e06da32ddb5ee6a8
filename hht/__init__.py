"""hht: an interactive Hand Held Terminal for GB smart metering."""

__version__ = "0.1.0"
