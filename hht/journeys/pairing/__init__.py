"""Pairing a display or switch with its partners: label, adding, joining, proof, one line each."""
