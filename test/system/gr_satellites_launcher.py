"""Starts Debian's gr_satellites 4.4.0 under its GNU Radio 3.10, which moved the item types that it takes from `blocks`."""
import runpy
import sys

from gnuradio import blocks, gr

for name in ('byte_t', 'short_t', 'int_t', 'float_t', 'complex_t'):
    if not hasattr(blocks, name):
        setattr(blocks, name, getattr(gr.types, name))

program = '/usr/bin/gr_satellites'
sys.argv[0] = program
runpy.run_path(program, run_name='__main__')
