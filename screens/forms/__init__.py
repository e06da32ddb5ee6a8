"""The forms: failure, doubt, confirmation, and questions for a folder or a path."""
