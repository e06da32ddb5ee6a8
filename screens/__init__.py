"""The Textual app: one module a screen, widgets beside them."""
