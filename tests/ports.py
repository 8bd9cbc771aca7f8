from script.support.service import choose_port


def free_port() -> int:
    """A port of loopback that nobody listens on, and that no outgoing connection is given meanwhile."""
    return choose_port()
