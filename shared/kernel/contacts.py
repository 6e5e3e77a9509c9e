"""Phone numbers and mail addresses in the one form in which the suite keeps them (NO-8)."""

import re
from typing import Final

import phonenumbers

from shared.kernel.errors import Invalid

DEFAULT_COUNTRY: Final = "CN"
_CHINA: Final = 86
_NO_AREA: Final = re.compile(r"[2-8]\d{6,7}")
_EXTENSION: Final = re.compile(r"(?:[,;#x]|ext\.?|extension|转|轉|分机|內線|内线)\s*[:=]?\s*\d{1,7}\s*$", re.IGNORECASE)
_BEHIND: Final = re.compile(r".*\d{7,8}-\d{1,6}\s*")
"""Extensions as they are written here: 020-87654321转8, ext. 8; and 020-87654321-801, where that is no whole number."""
_HAS_EXTENSION: Final = "has an extension; give the number alone, and write the extension into a text"
_LONGEST_LOCAL: Final = 64
_LONGEST_ADDRESS: Final = 254
_MAILBOX: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE,
)


def parse_phone(text: str, field: str = "phone", country: str = DEFAULT_COUNTRY) -> str:
    """A valid number in any way of writing, as E.164; raises Invalid with what is wrong with it.

    An extension has no place in E.164, and a short number like 95588 is a service's: neither reaches a customer.
    """
    if _EXTENSION.search(text):
        raise Invalid.field(field, _HAS_EXTENSION)
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise Invalid.field(field, "is not a phone number") from None
    if not phonenumbers.is_valid_number(number):
        why = f"is not a valid phone number{_why(number, country)}"
        raise Invalid.field(field, _HAS_EXTENSION if _BEHIND.fullmatch(text) else why)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _why(number: phonenumbers.PhoneNumber, country: str) -> str:
    digits = phonenumbers.national_significant_number(number)
    if country == DEFAULT_COUNTRY and number.country_code == _CHINA:
        if phonenumbers.is_valid_short_number_for_region(number, country):
            return ": it is a service's short number, which reaches no customer"
        if _NO_AREA.fullmatch(digits):
            return ": the area code is missing, write it like 020 87654321"
        if digits.startswith("1"):
            return f": it has {len(digits)} digits, a mobile number has 11"
    return f" (country {country} unless it begins with +)"


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
