"""The Alerts of the job, as a list of their own."""
