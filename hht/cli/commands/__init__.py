"""The commands of `hht`, one module for each noun."""
