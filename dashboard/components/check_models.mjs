/**
 * Holds models to what a designer's own tools will say of them: `node check_models.mjs FILE...`.
 *
 * Each file must be read by bpmn-moddle with the zeebe descriptors without a warning, and bpmnlint's recommended
 * rules must find no error. Prints `file element-id rule message` for each finding; exits 1 when there is one that
 * stops, 0 on advice alone, 2 on bad use.
 */
import Linter from 'bpmnlint/lib/linter.js';
import { BpmnModdle } from 'bpmn-moddle';
import { readFileSync } from 'node:fs';

import { bpmnlint } from './src/lint/rules.js';

const zeebe = JSON.parse(
  readFileSync(new URL('node_modules/zeebe-bpmn-moddle/resources/zeebe.json', import.meta.url), 'utf8'),
);
const STOPS = new Set(['error', 'rule-error']);

async function findings(xml) {
  let read;
  try {
    read = await new BpmnModdle({ zeebe }).fromXML(xml);
  } catch (error) {
    return [{ element: '-', rule: 'not-readable', message: error.message, category: 'error' }];
  }
  const unread = read.warnings.map(({ element, message }) => ({
    element: element?.id ?? '-',
    rule: 'import-warning',
    message: message.replace(/\s+/g, ' '),
    category: 'error',
  }));
  const reports = await new Linter(bpmnlint).lint(read.rootElement);
  const linted = Object.entries(reports).flatMap(([rule, found]) =>
    found.map(({ id, message, category }) => ({ element: id ?? '-', rule, message, category })),
  );
  return [...unread, ...linted];
}

const files = process.argv.slice(2);
if (!files.length) {
  console.error('usage: check_models.mjs FILE...');
  process.exit(2);
}
let stops = 0;
for (const file of files) {
  for (const { element, rule, message, category } of await findings(readFileSync(file, 'utf8'))) {
    const stop = STOPS.has(category);
    stops += stop;
    console.log(`${file} ${element} ${rule} ${stop ? '' : 'advice: '}${message}`);
  }
}
process.exitCode = stops ? 1 : 0;
