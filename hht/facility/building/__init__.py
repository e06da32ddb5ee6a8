"""From a manifest to a batch whose packages are made."""
