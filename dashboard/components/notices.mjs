/**
 * Collects the licence texts of every package whose code is in the bundles or whose geometry is in the map:
 * `node notices.mjs [OUT]`, default `bundles`. The packages are those that esbuild really took in.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundledPackages } from './build.mjs';

const MODULES = fileURLToPath(new URL('node_modules/', import.meta.url));
const GEOMETRY = ['us-atlas'];

function notice(name) {
  const folder = join(MODULES, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const names = [...new Set([...(await bundledPackages()), ...GEOMETRY])].sort();
const missing = names.filter((name) => !existsSync(join(MODULES, name)));
if (missing.length) {
  throw new Error(`Expected these packages in node_modules, run npm ci: ${missing.join(', ')}`);
}
const rule = `\n${'-'.repeat(78)}\n\n`;
const head = 'The files in this folder contain code or data of the following packages.\n';
writeFileSync(join(process.argv[2] ?? 'bundles', 'THIRD_PARTY_NOTICES.txt'), [head, ...names.map(notice)].join(rule));
