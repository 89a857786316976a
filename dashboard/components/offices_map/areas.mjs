/** Which office answers for a county, read from the same seed data as the records. */
import { readFileSync } from 'node:fs';

const SEED = new URL('../../../src/pdflow/records/seed/', import.meta.url);

export const OUTSIDE_THE_PROJECTION = new Set([
  'Commonwealth of the Northern Mariana Islands',
  'Guam',
  'Puerto Rico',
  'United States Virgin Islands',
]);

function rows(name) {
  const [head, ...lines] = readFileSync(new URL(name, SEED), 'utf8').trim().split(/\r?\n/);
  if (lines.some((line) => line.includes('"'))) {
    throw new Error(`Expected ${name} without quoted fields.`);
  }
  const columns = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, i) => [columns[i], field])));
}

export const offices = rows('field_offices.csv').map(({ code, office_name: name }) => ({ code, name }));

const codeOf = new Map(offices.map(({ code, name }) => [name, code]));
const areas = new Map();
for (const { office_name: office, state_name: state, county_name: county } of rows('areas_of_responsibility.csv')) {
  if (!codeOf.has(office)) {
    throw new Error(`Expected the office ${office} of an area in field_offices.csv.`);
  }
  areas.set(key(state, county), codeOf.get(office));
}

function key(state, county) {
  return county ? `${state}/${plain(county)}` : state;
}

function plain(county) {
  return county.replace(/ (County|Parish)$/, '').replace(/\W/g, '').toLowerCase();
}

/** The code of the office for a county; an area without a county stands for its whole state. */
export function officeOf(state, county) {
  const code = areas.get(state) ?? areas.get(key(state, county));
  if (!code) {
    throw new Error(`Expected an office for ${county}, ${state} in areas_of_responsibility.csv.`);
  }
  return code;
}

export function officeOfTerritory(state) {
  return officeOf(state, '');
}

/** Areas that name a state or county which the geometry does not have. */
export function unmatched(known) {
  const keys = new Set(known.flatMap(([state, county]) => [state, key(state, county)]));
  return [...areas.keys()].filter((area) => !keys.has(area) && !OUTSIDE_THE_PROJECTION.has(area));
}
