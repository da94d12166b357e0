#!/usr/bin/python3
"""Makes modulation.json with an independent generator (gen.py of the reference folder, numpy; its class Wave).

usage: make_modulation.py REFERENCE_FOLDER > modulation.json
Bit k lasts from start + k·T to start + (k + 1)·T. The generator integrates the GFSK frequency as a running sum, which
is early by half a step of its grid of 16 a symbol: it is read half a step (1/32 symbol) earlier to make up for it.
What is left: linear interpolation on its grids (16, 128 and 32 points a symbol), and for AFSK the rectangle rule.
"""
import json, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import gen

CASES = [
    dict(name='GFSK, h 0.5, 5.083 samples a symbol', tolerance=0.01,
         params=dict(kind='fsk', symbolRate=9600, deviationHz=2400), sampleRate=48800, startSample=7.25, clockPpm=50,
         wave=dict(mod='gfsk', baud=9600, bt=0.5, h=0.5)),
    dict(name='GFSK, h -0.7, BT 0.35', tolerance=0.015, bt=0.35,
         params=dict(kind='fsk', symbolRate=4800, deviationHz=-1680), sampleRate=48000, startSample=100.5, clockPpm=-80,
         wave=dict(mod='gfsk', baud=4800, bt=0.35, h=-0.7)),
    dict(name='AFSK, Bell 202 on FM', tolerance=0.15, bits=24,
         params=dict(kind='afsk', symbolRate=1200, afCarrierHz=1700, deviationHz=500, fmDeviationHz=3000),
         sampleRate=44100, startSample=3.9, clockPpm=0,
         wave=dict(mod='afsk', baud=1200, tones=(2200, 1200), fm_dev=3000.0)),
    dict(name='BPSK, 5.208 samples a symbol', tolerance=0.005,
         params=dict(kind='bpsk', symbolRate=9600), sampleRate=50000, startSample=0.125, clockPpm=20,
         wave=dict(mod='bpsk', baud=9600, alpha=0.35)),
    dict(name='DBPSK, reference symbol before the first bit', tolerance=0.005, differential=True,
         params=dict(kind='dbpsk', symbolRate=1200), sampleRate=9600, startSample=50.75, clockPpm=0,
         wave=dict(mod='bpsk', baud=1200, alpha=0.35)),
]

rng = np.random.default_rng(2024)
out = []
for c in CASES:
    bits = rng.integers(0, 2, c.get('bits', 48), dtype=np.uint8)
    channel, lead = bits, 0
    if c.get('differential'):
        # the statement of enc_ao40: bit 1 = no phase change
        channel, lead = np.concatenate([[0], gen.diffenc(1 - bits)]).astype(np.uint8), 1
    w = gen.Wave(channel, c['wave'])
    early = 0.5 / w.os if w.kind == 'gfsk' else 0.0
    step = c['params']['symbolRate'] / (c['sampleRate'] * (1 + c['clockPpm'] * 1e-6))
    first = int(np.ceil(c['startSample'])); n = int(np.floor(len(bits) / step)) - 1
    x = (np.arange(first, first + n) - c['startSample']) * step + lead
    y = w.sample(x - early)
    out.append(dict(name=c['name'], tolerance=c['tolerance'], params=c['params'], sampleRate=c['sampleRate'],
                    startSample=c['startSample'], clockPpm=c['clockPpm'], **({'bt': c['bt']} if 'bt' in c else {}),
                    bits=''.join(map(str, bits)), firstSample=first,
                    iq=[round(float(v), 4) for v in np.ascontiguousarray(y).view(np.float32)]))
print(json.dumps(dict(by='gen.py, class Wave (numpy); see make_modulation.py', cases=out), separators=(',', ':')).replace('},{"name"', '},\n{"name"'))
