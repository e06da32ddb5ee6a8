"""The virtual NCP: ASH and EZSP from the co-processor's end."""
