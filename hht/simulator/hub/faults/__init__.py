"""What goes wrong on purpose: the kinds of faults, a trainer's requests, and what is in force."""
