"""The Devices of the job and the place of each on the HAN."""
