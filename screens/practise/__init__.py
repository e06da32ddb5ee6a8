"""The choice of an exercise."""
