from __future__ import annotations

import pytest

from bot.feeds.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("93.184.216.34", id="v4"),
        pytest.param("8.8.8.8", id="v4-resolver"),
        pytest.param("2606:2800:220:1:248:1893:25c8:1946", id="v6"),
        pytest.param("::ffff:93.184.216.34", id="public-v4-mapped"),
        pytest.param("172.32.0.1", id="just-above-172.16-slash-12"),
        pytest.param("192.0.1.1", id="just-above-192.0.0-slash-24"),
        pytest.param("100.128.0.1", id="just-above-carrier-nat"),
        pytest.param("168.63.129.17", id="just-above-azure-s-own-services"),
    ],
)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse, not one to bind
        "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1",
        "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::5db8:d822", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::",
        "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "4000::1", "fc00::1", "fd12:3456::1", "fe80::1",
        "fe80::1%eth0", "fec0::1", "ff02::1", "localhost", "", "2130706433",
        # Where clouds tell a machine its own secrets: AWS, Azure's agent, Alibaba, Oracle, Google, Scaleway, OpenStack.
        "fd00:ec2::254", "168.63.129.16", "::ffff:168.63.129.16", "100.100.100.200", "192.0.0.192",
        "fd00:c1::a9fe:a9fe", "fd20:ce::254", "169.254.42.42", "fd00:42::42", "fe80::a9fe:a9fe",
    ],
)  # fmt: skip
def test_other_addresses_may_not(address: str) -> None:
    assert not is_public(address)
