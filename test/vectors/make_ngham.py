#!/usr/bin/env python3
"""Writes the vectors of NGHam with its Reed-Solomon parity into framings.json, whose other vectors it leaves alone.

The parity is by Python's reedsolo, whose field has the generator 173 = alpha^11, as CCSDS has it; NGHam takes 16 or 32 of its
roots from alpha^(11 * 112) on. CRC-16 (X.25) and scrambler are plain Python. Needs reedsolo (pip install reedsolo).
"""
import importlib.metadata
import json
import pathlib

import reedsolo

FILE = pathlib.Path(__file__).with_name('framings.json')
SYNC = '5de62a7e'
SIZES = {31: ('3b49cd', 16), 63: ('4dda57', 16), 95: ('76939a', 16), 127: ('9bb4ae', 32),
         159: ('a0fd63', 32), 191: ('d66ef9', 32), 223: ('ed2734', 32)}


def crc_x25(data):
    register = 0xffff
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ 0x8408 if register & 1 else register >> 1
    return register ^ 0xffff


def scrambled(data):
    s = [1] * 8
    while len(s) < 8 * len(data):
        s.append(s[-8] ^ s[-5] ^ s[-3] ^ s[-1])
    return bytes(b ^ int(''.join(map(str, s[8 * i:8 * i + 8])), 2) for i, b in enumerate(data))


def vector(name, payload):
    information = min(size for size in SIZES if size >= payload + 3)
    tag, parity = SIZES[information]
    padding = information - payload - 3
    frame = bytes([0xa0 | padding]) + bytes((37 * i + 11) & 255 for i in range(payload))
    block = frame + crc_x25(frame).to_bytes(2, 'big') + bytes(padding)
    code = reedsolo.RSCodec(parity, fcr=112, prim=0x187, generator=173)
    on_air = SYNC + tag + scrambled(bytes(code.encode(block))).hex()
    return {
        'name': name,
        'by': f'reedsolo {importlib.metadata.version("reedsolo")} for the parity; make_ngham.py',
        'params': {'kind': 'ngham'},
        'symbols': 4 * len(on_air),
        'onAir': on_air,
        'frames': [frame.hex()],
    }


content = json.loads(FILE.read_text())
others = [v for v in content['vectors'] if v['params']['kind'] != 'ngham']
made = [vector('NGHam, 16 bytes of parity', 70), vector('NGHam, 32 bytes of parity', 124)]
content['vectors'] = others + made
FILE.write_text(json.dumps(content, indent=1, ensure_ascii=False))
