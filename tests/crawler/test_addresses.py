"""Which addresses are public, in whatever notation, and what ``--allow-address`` takes."""

import re
from ipaddress import ip_address

import pytest

from crawler.addresses import Allowed, is_public, parse_address, read_host, show_address


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "2606:4700::1", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808"],
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "::1"),  # this machine
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1", "fec0::1"),  # private networks
        *("169.254.169.254", "fe80::1", "fe80::1%eth0"),  # this link
        *("224.0.0.1", "239.1.1.1", "ff02::1", "ff0e::1"),  # multicast
        *("0.0.0.0", "::", "255.255.255.255", "240.0.0.1", "192.0.2.1", "2001:db8::1"),  # nobody's
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1"),  # IPv4 in IPv6
        *("2002:7f00:1::", "2002:c0a8:101::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808"),  # tunnels
    ],
)
def test_any_other_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0X7F.1", "0177.0.0.1", "::ffff:7f00:1"],
)
def test_a_host_is_the_same_address_in_any_notation(host: str) -> None:
    assert read_host(host) == ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["Example.com", "example.com.", "EXAMPLE.COM"])
def test_a_name_is_the_same_in_any_spelling(host: str) -> None:
    assert read_host(host) == "example.com"


@pytest.mark.parametrize("text", ["localhost:8765", "127.0.0.1:1", "[::1]:65535", "news.example.com:80"])
def test_an_allowed_address_is_read_and_shown_alike(text: str) -> None:
    assert show_address(*parse_address(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "localhost", "127.0.0.1", "::1", "[::1]", ":8765", "localhost:"),
        *("::1:8765", "[localhost]:8765", "[::zz]:8765", "http://localhost:8765", "localhost:8765/", "a@b:80"),
        *("localhost:0", "localhost:65536", "localhost:123456", "localhost:http", "localhost:-1", "localhost:８０"),
    ],
)
def test_a_text_that_is_no_host_and_port_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        parse_address(text)


def test_an_address_is_allowed_for_its_port_only() -> None:
    allowed = Allowed.parse(["127.0.0.1:8765"])
    assert allowed.permits(ip_address("127.0.0.1"), 8765)
    assert not allowed.permits(ip_address("127.0.0.1"), 8766)


def test_a_public_address_needs_no_allowance_but_a_name_does() -> None:
    assert Allowed().permits(ip_address("8.8.8.8"), 80)
    assert not Allowed().permits("example.com", 80)
