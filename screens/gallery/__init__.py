"""Every widget in every state, in both themes: `python -m screens.gallery`."""
