#!/usr/bin/env python3
"""Prints the vector 'SMOG-1 Signalling' of framings.json.

SMOG-1 sends the 64-bit sync word 2DD4A39E1A556BCB before its signalling packets, which are 64 bytes as they are, the most
significant bit first, without scrambler, code or CRC. Unlike the other vectors this one was not fed to another program.
"""
import json

SYNC = bytes.fromhex("2dd4a39e1a556bcb")
frame = bytes((37 * i * i + 11 * i + 8) % 256 for i in range(64))
print(json.dumps({
    "name": "SMOG-1 Signalling",
    "params": {"kind": "smog-1-signalling"},
    "symbols": 8 * len(SYNC + frame),
    "onAir": (SYNC + frame).hex(),
    "frames": [frame.hex()],
}))
