"""How the app ends when it was not the engineer who ended it."""
