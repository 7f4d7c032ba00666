"""The table of the reflected polynomial A001, which both CRC-16 of these protocols step through in their own way."""


def _shifted(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


TABLE_A001 = tuple(_shifted(value) for value in range(256))
