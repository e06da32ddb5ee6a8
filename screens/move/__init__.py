"""The change of channel: who is back, who is not, and what to do."""
