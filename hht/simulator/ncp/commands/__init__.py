"""What the virtual co-processor does at each EZSP command, one subject a module."""
