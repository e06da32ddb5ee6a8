"""From decoded payloads to words: names, values, moments, and one plain line for the whole."""
