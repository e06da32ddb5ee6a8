"""`hht inspect`: explain any GBCS message, to people and to tools."""
