"""What a handheld is set up with from inside the app."""
