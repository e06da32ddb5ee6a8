"""What every simulated Device has: credentials, rules, alerts, firmware, joins."""
