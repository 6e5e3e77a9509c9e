"""Addresses of every channel: valid ones in one form, wrong ones refused where they enter."""

import pytest

from services.notify.domain.addresses import is_public, networks, parse_address
from shared.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("channel", "to", "kept"),
    [
        ("sms", "138 0013 8000", "+8613800138000"),
        ("sms", "+86 757-8222 0000", "+8675782220000"),
        ("sms", "+44 20 7946 0018", "+442079460018"),
        ("email", "Ops@Example.CN", "Ops@example.cn"),
        ("email", "a.b+c@例子.中国", "a.b+c@xn--fsqu00a.xn--fiqs8s"),
        ("webhook", "https://hooks.example.com:8443/a?b=c", "https://hooks.example.com:8443/a?b=c"),
        ("amqp", "alerts.south", "alerts.south"),
    ],
)
def test_a_valid_address_is_kept_in_one_form(channel, to, kept):
    assert parse_address(channel, to) == kept


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        ("sms", "12345"),
        ("sms", "+86 138"),
        ("sms", "call me"),
        ("sms", "13800138000;ext=5"),
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a@b.cn\r\nBcc: x@y.cn"),
        ("email", "a b@c.cn"),
        ("email", "<a@b.cn>"),
        ("email", "a@b.cn,c@d.cn"),
        ("email", "a" * 65 + "@b.cn"),
        ("email", "@b.cn"),
        ("webhook", "ftp://example.com/"),
        ("webhook", "example.com"),
        ("webhook", "https://"),
        ("webhook", "https://user:password@example.com/"),
        ("webhook", "https://example.com/#here"),
        ("webhook", "https://example.com/\r\nX: y"),
        ("webhook", "https://example.com:99999/"),
        ("webhook", "https://example.com:0/"),
        ("webhook", "https://example.com/" + "a" * 2000),
        ("webhook", "https://exa mple.com/"),
        ("webhook", "https://good.example\\@127.0.0.1/"),
        ("webhook", "https://[::1"),
        ("amqp", "sla.cases"),
        ("amqp", "alerts.South Desk"),
        ("pigeon", "coop"),
    ],
)
def test_a_wrong_address_is_refused(channel, to):
    with pytest.raises(Invalid):
        parse_address(channel, to)


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 239.1.1.1
    255.255.255.255 240.0.0.1 192.0.2.1 198.18.0.1 :: ::1 fe80::1 fe80::1%eth0 fc00::1 ff02::1 ff0e::1
    ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:7f00:1:: 2001::1
    2001:db8::1""".split(),
)
def test_addresses_that_are_not_of_the_open_internet_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1"])
def test_addresses_of_the_open_internet_are_public(address):
    assert is_public(address)


def test_an_operator_may_allow_networks():
    allowed = networks("127.0.0.1, 10.1.0.0/16,")
    assert is_public("127.0.0.1", allowed)
    assert is_public("10.1.9.9", allowed)
    assert not is_public("127.0.0.2", allowed)
    assert not is_public("::ffff:127.0.0.1", allowed)
    with pytest.raises(ValueError, match="has host bits set"):
        networks("10.1.0.5/16")
