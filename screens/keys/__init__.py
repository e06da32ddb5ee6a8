"""Keys on their way to a screen: fingers, scanners, and those that came too early."""
