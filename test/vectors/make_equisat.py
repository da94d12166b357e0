#!/usr/bin/env python3
"""Puts the vector of EQUiSat's framing into framings.json. Needs nothing but Python; shares no code with dsp/framing.

Facts from Brown Space Engineering's gr-equisat_decoder (interleaving, Gray code, packet layout, Reed-Solomon of 32 bytes over
what follows the call sign, field 0x11d, roots a^1 to a^32) and from a recording (sync word, CRC of the blocks).
"""
import json
import pathlib

LEVEL_OF = {'01': 3, '00': 1, '10': -1, '11': -3}
SYNC = [1, -1, 1, -1, 1, -3, 3, -3, 3, 1, -1, 3, -3, -3, 1, -1, 3, 3, -1, -3, 1, 3, -1, -3]


def times(a, b):
    out = 0
    for k in range(8):
        if b >> k & 1:
            out ^= a << k
    for k in range(14, 7, -1):
        if out >> k & 1:
            out ^= 0x11d << k - 8
    return out


def parity(message):
    generator, root = [1], 1
    for _ in range(32):
        root = times(root, 2)
        generator = [a ^ b for a, b in zip(generator + [0], [0] + [times(root, g) for g in generator])]
    rest = list(message) + [0] * 32
    for i in range(len(message)):
        lead = rest[i]
        rest[i:i + 33] = [r ^ times(lead, g) for r, g in zip(rest[i:i + 33], generator)]
    return rest[-32:]


def crc(block):
    """Remainder of the block times x^16 by x^16 + x^12 + x^5 + 1."""
    value = int.from_bytes(bytes(block), 'big') << 16
    for k in range(value.bit_length() - 1, 15, -1):
        if value >> k & 1:
            value ^= 0x11021 << k - 16
    return value


def block_levels(block):
    check = crc(block)
    twenty = list(block) + [check >> 8, check & 255]
    levels = [0] * 80
    for pair in range(10):
        first, second = (f'{b:08b}' for b in twenty[2 * pair:2 * pair + 2])
        for bit in range(8):
            levels[10 * bit + pair] = LEVEL_OF[first[bit] + second[bit]]
    return levels


frame = b'WL9XZE' + bytes((37 * k * k + 11 * k + 5) % 256 for k in range(217))
packet = frame + bytes(parity(frame[6:]))
sent = bytes.fromhex('ff0002') + len(packet).to_bytes(2, 'big') + packet
sent += b'\x66' * (-len(sent) % 18)
levels = [-3, -3, 3, 3] * 46 + SYNC
for at in range(0, len(sent), 18):
    levels += block_levels(sent[at:at + 18])
levels += [-3, -3, 3, 3] * 4
bits = ''.join(f'{(level + 3) // 2:02b}' for level in levels)
vector = {'name': 'EQUiSat', 'params': {'kind': 'equisat'}, 'symbols': len(bits),
          'onAir': int(bits, 2).to_bytes(len(bits) // 8, 'big').hex(), 'frames': [frame.hex()]}
path = pathlib.Path(__file__).with_name('framings.json')
file = json.loads(path.read_text())
file['vectors'] = [v for v in file['vectors'] if v['name'] != 'EQUiSat'] + [vector]
path.write_text(json.dumps(file, indent=1, ensure_ascii=False))
