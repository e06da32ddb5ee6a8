"""The one plan engine: which Local Command goes next, what proves it, what to do if it fails."""
