"""One plain line for a whole message, made by the words of its use case or by general ones."""
