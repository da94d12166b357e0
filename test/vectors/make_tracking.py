#!/usr/bin/env python3
"""Writes tracking.json: views and passes of satellites from skyfield, to check daemon/tracking against. Needs skyfield and sgp4
(Debian: python3-skyfield); run it with /usr/bin/python3. No download: no ephemeris is used.

The elements are made up, in the likeness of real orbits. UT1 is set equal to UTC (delta T = 37 s + 32.184 s) and there is no
polar motion, as users of SGP4 have it. Positions go TEME -> ITRF (and to GCRS and back) by skyfield's own rotations; there is no
refraction and no light time. Passes are found by brute force: every 10 s, maxima close below the horizon refined, edges bisected.
The Sun is the low-precision formula of the Astronomical Almanac (page C5) in the mean equator and equinox of date; the shadow
is that of a spherical Earth of 6378.135 km; instants within half a degree of its edge
have null. Both edges of a pass are searched 6 h beyond the window; null where it is longer.
"""
import datetime
import json
import math
import pathlib
import numpy as np
import skyfield
import importlib.metadata
from sgp4.api import Satrec, WGS72, jday
from sgp4.exporter import export_tle
from skyfield.api import EarthSatellite, load, wgs84

ts = load.timescale(builtin=True, delta_t=69.184)
START = datetime.datetime(2026, 11, 25, tzinfo=datetime.timezone.utc)
HOURS = 48
GRID_S = 10

# name, number, epoch (2026 day of year), rev/day, eccentricity, inclination, RAAN, argument of perigee, mean anomaly, B*
SATELLITES = [
    ('SPACE STATION', 25544, 328.51782528, 15.49970812, 0.0006703, 51.6416, 247.4627, 130.5360, 325.0288, 0.00021844),
    ('SUN-SYNCHRONOUS 500', 43805, 328.21300001, 15.21951344, 0.0011822, 97.4431, 31.8821, 201.1181, 158.9501, 0.00034911),
    ('SUN-SYNCHRONOUS 800', 27844, 327.90441230, 14.22010437, 0.0009540, 98.6920, 335.1120, 71.2230, 289.0041, 0.00004201),
    ('POLAR', 40949, 328.00000000, 14.60123412, 0.0021003, 90.0123, 121.9911, 12.0000, 348.1003, 0.00005120),
    ('EQUATORIAL', 41790, 327.11223344, 15.02841203, 0.0012001, 0.0213, 11.2004, 289.4401, 70.1201, 0.00012203),
    ('NEAR-EQUATORIAL', 36744, 328.44000000, 14.41230045, 0.0018801, 6.0021, 200.1119, 44.5512, 315.6630, 0.00006100),
    ('RETROGRADE', 123456, 328.34567890, 15.33001234, 0.0101122, 141.7802, 77.1213, 310.9821, 48.2201, 0.00018700),
    ('VERY LOW', 61234, 328.75000000, 16.04410231, 0.0008123, 96.5512, 14.0021, 99.3410, 260.9001, 0.00061000),
    ('OLD AND HIGH', 7530, 328.11119999, 12.53691044, 0.0012444, 101.9991, 320.5509, 222.0118, 158.4433, 0.00001000),
    ('MOLNIYA', 38995, 327.50500000, 2.00612345, 0.7212044, 63.4021, 290.0191, 280.1122, 12.0992, 0.0),
    ('TRANSFER ORBIT', 50001, 328.60000000, 2.26789012, 0.7299812, 7.1201, 45.6700, 178.2201, 185.9911, 0.00002000),
    ('GEOSTATIONARY', 44034, 328.25000000, 1.00271234, 0.0002101, 0.0402, 88.1200, 130.0021, 210.3344, 0.0),
    ('INCLINED GEOSYNCHRONOUS', 36828, 328.25000000, 1.00270112, 0.0031201, 54.7001, 170.2210, 182.0120, 310.0021, 0.0),
    ('NAVIGATION', 62339, 328.40000000, 2.00561234, 0.0102010, 55.0601, 14.9931, 51.0022, 309.8800, 0.0),
    ('HIGH AND ECCENTRIC', 25989, 326.00000000, 0.50181234, 0.7912201, 67.1320, 332.0001, 92.1199, 3.2000, 0.0),
]
STATIONS = [
    ('Munich', 48.1374, 11.5755, 520.0),
    ('Svalbard', 78.2298, 15.4078, 450.0),
    ('beside the north pole', 89.95, -45.0, 10.0),
    ('McMurdo', -77.8419, 166.6863, 10.0),
    ('Fiji, west of the date line', -16.80, 179.97, 30.0),
    ('Fiji, east of the date line', -16.75, -179.96, 30.0),
    ('Quito', -0.1807, -78.4678, 2850.0),
]
# azimuth, elevation
MASK = [(10, 3), (80, 12), (95, 25), (110, 4), (200, 0.5), (300, 8), (355, 15)]


def satellite(row):
    name, norad, day, motion, ecc, inc, raan, argp, mean, bstar = row
    jd0 = jday(2025, 12, 31, 0, 0, 0)
    epoch = jd0[0] + jd0[1] + day - 2433281.5
    sat = Satrec()
    rad = math.radians
    sat.sgp4init(WGS72, 'i', norad % 100000, epoch, bstar, 0.0, 0.0, ecc, rad(argp), rad(inc), rad(mean), motion * 2 * math.pi / 1440, rad(raan))
    sat.classification, sat.intldesg, sat.elnum, sat.revnum, sat.ephtype = 'U', '26001A', 999, 1234, 0
    lines = export_tle(sat)
    if norad > 99999:  # Alpha-5
        letter = 'ABCDEFGHJKLMNPQRSTUVWXYZ'[norad // 10000 - 10]
        lines = [line[:2] + letter + line[3:68] for line in lines]
        lines = [line + str(sum(int(c) if c.isdigit() else c == '-' for c in line) % 10) for line in lines]
    assert all(len(line) == 69 for line in lines), lines
    return name, norad, lines, EarthSatellite(*lines, name, ts)


def times(seconds):
    whole = START.replace(tzinfo=datetime.timezone.utc)
    return ts.utc(whole.year, whole.month, whole.day, 0, 0, np.asarray(seconds, dtype=float))


GRID = np.arange(-6 * 3600, (HOURS + 6) * 3600, GRID_S, dtype=float)
GRID_TIMES = times(GRID)  # its nutation is computed once


def above(sat, place, seconds, floor):
    t = GRID_TIMES if seconds is GRID else times(seconds)
    alt, az, _ = (sat - place).at(t).altaz()
    return alt.degrees - (floor if np.isscalar(floor) else np.interp(az.degrees, *floor, period=360)), alt.degrees, az.degrees


def passes(sat, place, floor):
    grid = GRID
    h, _, _ = above(sat, place, grid, floor)
    extra = []
    for i in np.nonzero((h[1:-1] >= h[:-2]) & (h[1:-1] >= h[2:]) & (h[1:-1] < 0) & (h[1:-1] > -1))[0] + 1:
        fine = np.linspace(grid[i - 1], grid[i + 1], 201)
        extra.append(fine[np.argmax(above(sat, place, fine, floor)[0])])
    for i in np.nonzero((h[1:-1] <= h[:-2]) & (h[1:-1] <= h[2:]) & (h[1:-1] > 0) & (h[1:-1] < 1))[0] + 1:
        fine = np.linspace(grid[i - 1], grid[i + 1], 201)
        extra.append(fine[np.argmin(above(sat, place, fine, floor)[0])])
    if extra:
        grid = np.unique(np.concatenate([grid, extra]))
        h, _, _ = above(sat, place, grid, floor)
    edges = np.nonzero((h[1:] > 0) != (h[:-1] > 0))[0]
    low, high = grid[edges], grid[edges + 1]
    rising = h[edges + 1] > 0
    for _ in range(14):
        if not len(edges):
            break
        middle = (low + high) / 2
        up = above(sat, place, middle, floor)[0] > 0
        beyond = up == rising
        high = np.where(beyond, middle, high)
        low = np.where(beyond, low, middle)
    moments = list(zip((low + high) / 2, rising))
    found = []
    start = None if h[0] <= 0 else -math.inf
    for moment, rises in moments + [(math.inf, False)]:
        if rises:
            start = moment
        elif start is not None:
            found.append((start, moment))
            start = None
    listed = []
    for aos, los in found:
        if los < 0 or aos > HOURS * 3600:
            continue
        edge = lambda t: None if math.isinf(t) else round(t, 3)
        # In the reach of the search only: passes longer than that are told by null.
        inner = np.linspace(max(aos, grid[0]), min(los, grid[-1]), 400)
        _, el, _ = above(sat, place, inner, floor)
        top = int(np.argmax(el))
        fine = np.linspace(inner[max(0, top - 1)], inner[min(399, top + 1)], 400)
        _, el, _ = above(sat, place, fine, floor)
        top = int(np.argmax(el))
        azimuth = lambda t: None if math.isinf(t) else round(float(above(sat, place, [t, t], floor)[2][0]), 4)
        listed.append([edge(aos), round(float(fine[top]), 1), edge(los), round(float(el[top]), 4), azimuth(aos), azimuth(los)])
    return listed


def sun_direction(seconds):
    """Astronomical Almanac, page C5: unit vector to the Sun, mean equator and equinox of date."""
    n = START.timestamp() / 86400 + 2440587.5 - 2451545.0 + seconds / 86400
    g = math.radians(357.528 + 0.9856003 * n)
    longitude = math.radians(280.460 + 0.9856474 * n + 1.915 * math.sin(g) + 0.020 * math.sin(2 * g))
    obliquity = math.radians(23.439 - 0.0000004 * n)
    return np.array([math.cos(longitude), math.cos(obliquity) * math.sin(longitude), math.sin(obliquity) * math.sin(longitude)])


def lit(sat, seconds):
    """True, False, or None near the edge of the shadow (half a degree). In the satellite's own frame, TEME, from sgp4 itself."""
    t = times([seconds])
    _, r, _ = sat.model.sgp4(t.whole[0] - 69.184 / 86400, t.tt_fraction[0])
    r = np.array(r)
    distance = np.linalg.norm(r)
    from_antisun = math.degrees(math.acos(np.dot(-sun_direction(seconds), r) / distance))
    # At the satellite: the angle between the centres of Earth and Sun against the Earth's radius.
    between = math.degrees(math.asin(6378.135 / distance))
    if from_antisun > 90:
        return True
    return None if abs(from_antisun - between) < 0.5 else from_antisun > between


def main():
    rng = np.random.default_rng(11)
    out = {
        'by': f'test/vectors/make_tracking.py with skyfield {".".join(map(str, skyfield.VERSION))}, sgp4 {importlib.metadata.version("sgp4")}',
        'tolerance': {'edge_s': 1, 'angle_deg': 0.02, 'doppler_hz_at_435_mhz': 2},
        'from': START.isoformat().replace('+00:00', 'Z'), 'hours': HOURS,
        'stations': [dict(zip(('name', 'latitude', 'longitude', 'altitude_m'), s)) for s in STATIONS],
        'mask': MASK,
        'satellites': [],
    }
    places = [wgs84.latlon(lat, lon, elevation_m=alt) for _, lat, lon, alt in STATIONS]
    for row in SATELLITES:
        name, norad, lines, sat = satellite(row)
        views = []
        for s, place in enumerate(places):
            for t in np.sort(rng.uniform(-2 * 86400, 4 * 86400, 8)).round(3):
                at = (sat - place).at(times([t]))
                alt, az, distance, _, _, rate = at.frame_latlon_and_rates(place)
                views.append([s, float(t), round(float(az.degrees[0]), 5), round(float(alt.degrees[0]), 5),
                              round(float(distance.km[0]), 4), round(float(rate.km_per_s[0]), 7)])
        ground = []
        for t in np.sort(rng.uniform(-2 * 86400, 4 * 86400, 12)).round(3):
            point = wgs84.geographic_position_of(sat.at(times([t])))
            ground.append([float(t), round(float(point.latitude.degrees[0]), 5), round(float(point.longitude.degrees[0]), 5),
                           round(float(point.elevation.km[0]), 4), lit(sat, float(t))])
        found = []
        for s, place in enumerate(places):
            for floor in (0, 10) if s % 2 == 0 else (0,):
                found.append({'station': s, 'min_elevation_deg': floor, 'passes': passes(sat, place, floor)})
        found.append({'station': 0, 'min_elevation_deg': None, 'passes': passes(sat, places[0], tuple(zip(*MASK)))})
        out['satellites'].append({'name': name, 'norad': norad, 'lines': list(lines), 'views': views, 'ground': ground, 'searches': found})
        print(name, sum(len(f['passes']) for f in found))
    text = json.dumps(out)
    for key in ('"name"', '"views"', '"ground"', '"searches"', '{"station"'):
        text = text.replace(f' {key}', f'\n{key}')
    (pathlib.Path(__file__).parent / 'tracking.json').write_text(text + '\n')


main()
