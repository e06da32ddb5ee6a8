"""What is behind the screens: the visit, the store and the thread in which they work."""
