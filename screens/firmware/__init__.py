"""The firmware of the Devices of a job."""
