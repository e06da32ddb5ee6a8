"""The Devices of a job and their Alerts, as what was captured shows them."""
