"""`hht scenario`: the exercises there are, and a trainer's own."""
