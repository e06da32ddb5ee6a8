"""Certificate-Based Key Establishment: curves, certificates, exchange, cluster."""
