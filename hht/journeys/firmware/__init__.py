"""Firmware of the Devices of a job: images, versions, how an update stands, and its activation."""
