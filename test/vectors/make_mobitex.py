#!/usr/bin/python3
"""Prints the vectors of plain Mobitex in framings.json, with and without a call sign, as JSON.

usage: make_mobitex.py
Written from the facts of the framing alone: bits are strings of '0' and '1', every code is computed bit by bit. The
check values of the facts (a code word, a CRC, a block as it is on the air) are asserted first.
"""
import json


def bits(data):
    return ''.join(f'{byte:08b}' for byte in data)


def crc(data, *, start, out, reflect):
    """CRC-16 with the polynomial x^16 + x^12 + x^5 + 1, by long division."""
    register = start
    for byte in data:
        for i in range(8):
            bit = byte >> (i if reflect else 7 - i) & 1
            feedback = register >> 15 ^ bit
            register = (register << 1 & 0xFFFF) ^ (0x1021 if feedback else 0)
    if reflect:
        register = int(f'{register:016b}'[::-1], 2)
    return (register ^ out).to_bytes(2, 'big')


def x25(data):
    return crc(data, start=0xFFFF, out=0xFFFF, reflect=True)


def xmodem(data):
    return crc(data, start=0, out=0, reflect=False)


def checks(byte):
    """The four check bits of a byte."""
    return ''.join(str(bin(byte & mask).count('1') % 2) for mask in (0xEC, 0xD3, 0xBA, 0x75))


def interleaved(data):
    """18 bytes and their CRC as 20 code words, bit by bit: first the first bit of each word, then the second."""
    words = [f'{byte:08b}' + checks(byte) for byte in data + x25(data)]
    return ''.join(word[row] for row in range(12) for word in words)


def sequence(length):
    s = [1] * 9 + [0]
    while len(s) < length:
        n = len(s) - 9
        s.append(s[n] ^ s[n + 4])
    return s[:length]


def header(control):
    first, second = control
    return bits(control) + checks(first) + checks(second)


def on_air(control, call_sign, blocks):
    clear = ''.join(interleaved(block) for block in blocks)
    scrambled = ''.join(str(int(bit) ^ s) for bit, s in zip(clear, sequence(len(clear))))
    frame = bits(b'\x57\x65') + header(control) + bits(call_sign + xmodem(call_sign) if call_sign else b'') + scrambled
    return frame.translate(str.maketrans('01', '10'))  # a one is the lower frequency


def packed(text):
    text += '0' * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, 'big').hex()


def vector(name, control, call_sign, blocks, params):
    air = on_air(control, call_sign, blocks)
    signed = call_sign + xmodem(call_sign) if call_sign else b''
    frame = control + signed + b''.join(blocks) + b'\xaa\0\0\0\0\xbb'
    return {'name': name, 'params': params, 'symbols': len(air), 'onAir': packed(air), 'frames': [frame.hex()]}


first = bytes(range(18))
assert [checks(byte) for byte in (0x2C, 0x01, 0x80, 0xFF, 0x41)] == ['1000', '0101', '1110', '1111', '1000']
assert x25(first).hex() == '8745' and xmodem(b'DP0TBA').hex() == 'e42f'
assert packed(interleaved(first)) == '0000200001000000000c00ff00f0f333332555570ff006666a33ccc5a5a9'
assert (
    packed(on_air(b'\x20\x5a', b'', [first])[40:].translate(str.maketrans('01', '10')))
    == 'ff83ff1733094ed1e7c18a6ec62537f773044d195a76f2bae0266b293776'
)


def block(k):
    return bytes((37 * i + 91 * k + i * i) % 256 for i in range(18))


signed = [block(k) for k in range(3)]
bare = [block(k) for k in range(3, 9)]
print(
    json.dumps(
        [
            vector('Mobitex with call sign', b'\x22\x5a', b'DP0BEE', signed, {'kind': 'mobitex'}),
            vector('Mobitex with the call sign known', b'\x22\x5a', b'DP0BEE', signed,
                   {'kind': 'mobitex', 'callsign': 'DP0BEE'}),
            vector('Mobitex without call sign', b'\x71\x06', b'', bare, {'kind': 'mobitex'}),
        ],
        indent=1,
    )
)
