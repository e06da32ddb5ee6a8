"""What the store keeps, one module for each kind of row."""
