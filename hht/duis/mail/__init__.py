"""Mails, web pages and JSON files: the messages and the DUIS Responses in them."""
