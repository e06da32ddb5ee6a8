"""The summary of a visit: what it is made of, as a page to print and as text."""
