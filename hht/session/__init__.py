"""Membership of one hub's HAN: connect, deliver, leave."""
