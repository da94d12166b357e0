#!/usr/bin/env python3
"""Writes filters.json: filter taps and filtered signals from scipy, to check dsp/filter against. Needs numpy and scipy."""
import json
import pathlib
import numpy as np
import scipy
from scipy import signal

rng = np.random.default_rng(7)


def listed(x):
    return [float(f'{v:.12g}') for v in x]


def low_pass(sample_rate, pass_hz, stop_hz, stop_db):
    n, beta = signal.kaiserord(stop_db, (stop_hz - pass_hz) / (sample_rate / 2))
    n |= 1
    taps = signal.firwin(n, (pass_hz + stop_hz) / 2, window=('kaiser', beta), fs=sample_rate, scale=True)
    return {'sampleRate': sample_rate, 'passHz': pass_hz, 'stopHz': stop_hz, 'stopDb': stop_db, 'taps': listed(taps)}


def root_raised_cosine(samples_per_symbol, span, roll_off):
    """Inverse Fourier transform of the square root of the raised-cosine spectrum, by numerical integration."""
    f = np.linspace(-(1 + roll_off) / 2, (1 + roll_off) / 2, 40001)
    edge = (np.abs(f) - (1 - roll_off) / 2) * np.pi / roll_off
    spectrum = np.where(np.abs(f) <= (1 - roll_off) / 2, 1.0, np.sqrt(np.maximum(0, 0.5 * (1 + np.cos(edge)))))
    half = round(samples_per_symbol * span / 2)
    t = np.arange(-half, half + 1) / samples_per_symbol
    taps = np.array([np.trapezoid(spectrum * np.cos(2 * np.pi * f * x), f) for x in t])
    taps /= np.sqrt(np.sum(taps ** 2))
    return {'samplesPerSymbol': samples_per_symbol, 'spanSymbols': span, 'rollOff': roll_off, 'taps': listed(taps)}


def gaussian(samples_per_symbol, bt, span):
    half = round(samples_per_symbol * span / 2)
    taps = signal.windows.gaussian(2 * half + 1, np.sqrt(np.log(2)) / (2 * np.pi * bt) * samples_per_symbol)
    return {'samplesPerSymbol': samples_per_symbol, 'bt': bt, 'spanSymbols': span, 'taps': listed(taps / taps.sum())}


def decimated():
    x = (rng.standard_normal(120) + 1j * rng.standard_normal(120)).astype(np.complex64)
    taps = rng.standard_normal(17)
    full = np.convolve(x, taps)[8:8 + len(x)]
    pairs = lambda z: listed(np.column_stack([z.real, z.imag]).ravel())
    return {'taps': listed(taps), 'decimation': 3, 'input': pairs(x), 'output': pairs(full[::3])}


out = {
    'by': f'test/vectors/make_filters.py with scipy {scipy.__version__}, numpy {np.__version__}',
    'tolerance': 1e-6,
    'lowPass': [low_pass(48000, 5000, 7000, 60), low_pass(240000, 20000, 60000, 79), low_pass(9600, 1000, 1500, 40)],
    'rootRaisedCosine': [root_raised_cosine(4, 8, 0.35), root_raised_cosine(5.3, 6, 0.2), root_raised_cosine(2, 6, 1.0)],
    'gaussian': [gaussian(10, 0.5, 4), gaussian(4.7, 0.3, 5)],
    'decimated': decimated(),
}
path = pathlib.Path(__file__).with_name('filters.json')
path.write_text(json.dumps(out) + '\n')
