"""Runs gr_satellites 4.4.0 of Debian under GNU Radio 3.10, which keeps in `gr.types` what 4.4.0 takes from `blocks`."""
import runpy
import sys

from gnuradio import blocks, gr

for item_type in ('byte_t', 'short_t', 'int_t', 'float_t', 'complex_t'):
    if not hasattr(blocks, item_type):
        setattr(blocks, item_type, getattr(gr.types, item_type))

sys.argv[0] = '/usr/bin/gr_satellites'
runpy.run_path(sys.argv[0], run_name='__main__')
