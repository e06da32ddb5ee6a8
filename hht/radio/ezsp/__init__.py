"""The EZSP link through bellows: opening it, its versions, its configuration."""
