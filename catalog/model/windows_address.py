"""Networks as the beginnings of addresses, since a filter pattern compares text."""

from ipaddress import IPv4Network, IPv6Network, ip_network


def address_beginning(network: str) -> str:
    """Return the text that all addresses of a network begin with, and no others; a sole address is whole.

    Args:
        network: In CIDR notation, such as ``10.0.0.0/8``.

    Raises:
        ValueError: It is no network, or no text says the same; it names the nearest that works.
    """
    try:
        parsed = ip_network(network, strict=False)
    except ValueError:
        raise ValueError(f"{network} is no network such as 10.0.0.0/8 or 192.168.7.0/24") from None
    if "/" not in network:
        raise ValueError(f"{network} is an address: name it without cidr")
    if parsed.with_prefixlen != network.lower():
        raise ValueError(f"{network} is not the beginning of its network: write {parsed}")
    return _of_ipv4(parsed) if isinstance(parsed, IPv4Network) else _of_ipv6(parsed)


def _of_ipv4(network: IPv4Network) -> str:
    length = network.prefixlen
    octets = length // 8
    if length == 0 or length % 8:
        inner = list(network.subnets(new_prefix=(octets + 1) * 8))
        parts = str(inner[0]) if len(inner) == 1 else f"{inner[0]} to {inner[-1]}, {len(inner)} of them"
        wider = f", or {network.supernet(new_prefix=octets * 8)}, which is wider" if octets else ""
        raise ValueError(
            f"{network} is no whole number of octets, and addresses are compared as text: name {parts}{wider}"
        )
    address = str(network.network_address).split(".")
    return ".".join(address) if octets == 4 else ".".join(address[:octets]) + "."


def _of_ipv6(network: IPv6Network) -> str:
    if network.prefixlen == network.max_prefixlen:
        return str(network.network_address)
    groups = [group.lstrip("0") for group in network.exploded.partition("/")[0].split(":")]
    # Windows writes :: for a run of zeros, wherever it is: only what is before the first zero is sure.
    certain = groups.index("") if "" in groups else len(groups)
    whole = min(network.prefixlen // 16, certain)
    if whole * 16 == network.prefixlen and whole:
        return ":".join(groups[:whole]) + ":"
    if not certain:
        nearest = "name the addresses"
    elif whole:
        nearest = f"the nearest is {':'.join(groups[:whole])}::/{whole * 16}, which is wider"
    else:
        nearest = f"the nearest is {groups[0]}::/16, which is narrower"
    raise ValueError(f"{network}: no beginning of their text is common to these addresses alone; {nearest}")
