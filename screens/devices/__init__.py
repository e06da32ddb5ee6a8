"""The Devices of the job and how each stands on the HAN."""
