"""Phone numbers and mail addresses in the one form in which the suite keeps them (NO-8)."""

import re
from typing import Final

import phonenumbers

from shared.kernel.errors import Invalid

DEFAULT_COUNTRY: Final = "CN"
_LONGEST_LOCAL: Final = 64
_LONGEST_ADDRESS: Final = 254
_MAILBOX: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE,
)


def parse_phone(text: str, field: str = "phone", country: str = DEFAULT_COUNTRY) -> str:
    """A valid number in any way of writing, as E.164; raises Invalid."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise Invalid.field(field, "is not a phone number") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise Invalid.field(field, f"is not a valid phone number (country {country} unless it begins with +)")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_number(phone: str) -> str:
    """The digits of an E.164 number as they are dialled inside its country, without spaces."""
    return phonenumbers.national_significant_number(phonenumbers.parse(phone))


def parse_email(text: str, field: str = "email") -> str:
    """A valid address, its domain in ASCII and in small letters; raises Invalid."""
    local, _, domain = text.rpartition("@")
    try:
        plain = domain.encode("idna").decode()
    except UnicodeError:
        plain = ""
    address = f"{local}@{plain.lower()}"
    if len(local) > _LONGEST_LOCAL or len(address) > _LONGEST_ADDRESS or not _MAILBOX.fullmatch(address):
        raise Invalid.field(field, "is not a mail address")
    return address
