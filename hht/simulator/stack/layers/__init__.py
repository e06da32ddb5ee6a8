"""The layers of a simulated node: network, APS, application, scanning, joining."""
