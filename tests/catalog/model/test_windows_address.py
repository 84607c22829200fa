"""Networks as the beginnings of addresses."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.model.windows_address import address_beginning


@pytest.mark.parametrize(
    ("network", "beginning"),
    [
        ("10.0.0.0/8", "10."),
        ("192.168.0.0/16", "192.168."),
        ("192.0.2.0/24", "192.0.2."),
        ("192.0.2.1/32", "192.0.2.1"),
        ("2001:db8::/32", "2001:db8:"),
        ("2001:db8:1:2::/64", "2001:db8:1:2:"),
        ("::1/128", "::1"),
    ],
)
def test_a_network_has_the_beginning_of_its_addresses(network: str, beginning: str) -> None:
    assert address_beginning(network) == beginning


@pytest.mark.parametrize(
    ("network", "advice"),
    [
        ("172.16.0.0/12", "name 172.16.0.0/16 to 172.31.0.0/16, 16 of them, or 172.0.0.0/8, which is wider"),
        ("10.0.0.0/7", "name 10.0.0.0/8 to 11.0.0.0/8, 2 of them"),
        ("10.1.2.3/8", "write 10.0.0.0/8"),
        ("10.0.0", "is no network such as 10.0.0.0/8"),
        ("10.0.0.5", "name it without cidr"),
        ("fe80::/10", "the nearest is fe80::/16, which is narrower"),
        ("fe80::/64", "the nearest is fe80::/16, which is wider"),
        ("::/0", "name the addresses"),
    ],
)
def test_a_network_that_no_text_stands_for_is_refused_with_the_nearest(network: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        address_beginning(network)


@given(st.ip_addresses(), st.sampled_from(["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32", "2001:db8:1::/48"]))
def test_an_address_begins_so_where_it_is_in_the_network(address: object, network: str) -> None:
    value = ip_address(str(address))
    is_within = value.version == ip_network(network).version and value in ip_network(network)
    assert str(value).startswith(address_beginning(network)) is is_within
