"""Being a member of one hub's HAN: connect, deliver, leave."""
