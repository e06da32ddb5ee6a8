"""What to write for --radio on this machine, for whoever named no dongle."""

from hht.radio.ports import list_ports, the_dongle


def radio_option() -> str:
    """--radio with the one port that looks like a dongle's, else with an example."""
    port = the_dongle(list_ports())
    return f"--radio {port.path}" if port else "--radio /dev/ttyUSB0 (or the port of your dongle)"
