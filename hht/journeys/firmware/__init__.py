"""Firmware of the Devices of a job: images, versions, updates and their activation."""
