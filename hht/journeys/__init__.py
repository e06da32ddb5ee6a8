"""What an engineer does, step by step, without a screen."""
