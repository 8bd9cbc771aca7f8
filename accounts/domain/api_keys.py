"""The form of an API key: `mn_live_` or `mn_test_`, 32 random letters and digits, 6 of checksum.

The checksum lets a secret scanner, and us, tell a key from noise without asking the database.
"""

import hashlib
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_letters
RANDOM_LENGTH = 32
CHECKSUM_LENGTH = 6
PREFIXES = {"live": "mn_live_", "test": "mn_test_"}


def generate(mode: str) -> str:
    """A new key for `live` or `test`; 190 bits of chance."""
    text = PREFIXES[mode] + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return text + checksum(text)


def checksum(text: str) -> str:
    """CRC-32 of the text in base 62, six characters."""
    number = zlib.crc32(text.encode())
    characters = []
    for _ in range(CHECKSUM_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[index])
    return "".join(reversed(characters))


def is_api_key(text: str) -> bool:
    """Whether the text claims to be one."""
    return text.startswith(tuple(PREFIXES.values()))


def is_well_formed(text: str) -> bool:
    body, check = text[:-CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    has_length = len(text) == len(PREFIXES["live"]) + RANDOM_LENGTH + CHECKSUM_LENGTH
    return has_length and text.isascii() and is_api_key(text) and checksum(body) == check


def digest(text: str) -> str:
    """SHA-256, as hex. A key is random enough to need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()
