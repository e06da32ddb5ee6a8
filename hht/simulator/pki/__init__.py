"""Training certificates: SMKI-like, ECQV, and the Remote Parties they name."""
