"""The dongle, over bellows EZSP: scan, raw inter-PAN frames, join, unicast, leave."""
