/**
 * Draws the areas of the field offices: `node offices_map/build.mjs [OUT]`, default `bundles`.
 *
 * The counties of each office are merged and simplified. The geometry is that of the Census Bureau in the usual
 * projection of the United States, in which Puerto Rico, the Virgin Islands, Guam and the Northern Marianas have no
 * place; they get labelled squares beside Florida and California.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { merge, mesh, quantize } from 'topojson-client';
import { topology } from 'topojson-server';
import { presimplify, quantile, simplify } from 'topojson-simplify';

import { officeOf, officeOfTerritory, offices, unmatched } from './areas.mjs';

const SIMPLIFY_TO = 0.9;
const GRID = 4e3;
const SQUARES = [
  { label: 'PR VI', states: ['Puerto Rico', 'United States Virgin Islands'], x: 850, y: 520 },
  { label: 'GU MP', states: ['Guam', 'Commonwealth of the Northern Mariana Islands'], x: -50, y: 300 },
];
const SIDE = 44;

const atlas = JSON.parse(
  readFileSync(new URL('../node_modules/us-atlas/counties-albers-10m.json', import.meta.url), 'utf8'),
);
const stateNames = new Map(atlas.objects.states.geometries.map(({ id, properties }) => [id, properties.name]));
const counties = atlas.objects.counties.geometries.map((county) => ({
  county,
  state: stateNames.get(county.id.slice(0, 2)),
}));

const leftOver = unmatched(counties.map(({ county, state }) => [state, county.properties.name]));
if (leftOver.length) {
  throw new Error(`Expected geometry for every area; none for ${leftOver.join(', ')}.`);
}

const byOffice = new Map(offices.map(({ code }) => [code, []]));
for (const { county, state } of counties) {
  byOffice.get(officeOf(state, county.properties.name)).push(county);
}

function square({ x, y }) {
  return [[[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]];
}

function feature(geometry, properties) {
  return { type: 'Feature', properties, geometry };
}

const areas = offices.map((each) => feature(merge(atlas, byOffice.get(each.code)), each));
const squares = SQUARES.map((each) => {
  const [code, ...others] = new Set(each.states.map(officeOfTerritory));
  if (others.length) {
    throw new Error(`Expected one office for ${each.states.join(' and ')}; draw a square for each instead.`);
  }
  const geometry = { type: 'Polygon', coordinates: square(each) };
  return feature(geometry, offices.find((candidate) => candidate.code === code));
});
const labels = SQUARES.map(({ label, x, y }) =>
  feature({ type: 'Point', coordinates: [x + SIDE / 2, y + SIDE] }, { label }),
);
const stateLines = mesh(atlas, atlas.objects.states, (a, b) => a !== b);

const detailed = presimplify(
  topology({
    offices: { type: 'FeatureCollection', features: [...areas, ...squares] },
    labels: { type: 'FeatureCollection', features: labels },
    states: stateLines,
  }),
);
const simple = simplify(detailed, quantile(detailed, SIMPLIFY_TO));
const map = quantize(simple, GRID);
writeFileSync(join(process.argv[2] ?? 'bundles', 'offices.topo.json'), JSON.stringify(map) + '\n');
