"""The coverage of the premises, as the answer to SR 12.1 has it."""
