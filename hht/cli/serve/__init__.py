"""The command `hht serve`, and the programs that its warm parent forks."""
