/**
 * Words and numbers on the elements: where tokens stand, what is done, how many cases wait and how many of
 * them are late. Each has a shape or a word, so that colour is never the only sign.
 */
/** Badges shrink less than the diagram: in an overview they are what is looked for. */
export const READABLE = { min: 0.8, max: 1.2 };

const TYPE = 'pd-badge';
const ABOVE_LEFT = { top: -12, left: -10 };
const BELOW_RIGHT = { bottom: 12, right: 18 };

export function showBadges(overlays, elementRegistry, { active, done, late, counts }) {
  overlays.remove({ type: TYPE });

  function add(id, position, parts) {
    const element = elementRegistry.get(id);
    if (!element || element.waypoints) {
      return;
    }
    const html = document.createElement('div');
    html.className = 'pd-badges';
    html.append(...parts.map(badge));
    overlays.add(id, TYPE, { position, html, scale: READABLE });
  }

  const lateNow = new Set(late);
  const activeNow = new Set(active);
  for (const id of done) {
    if (!activeNow.has(id) && !lateNow.has(id)) {
      add(id, ABOVE_LEFT, [{ kind: 'done', text: '✓', title: 'done' }]);
    }
  }
  for (const id of activeNow) {
    if (!lateNow.has(id)) {
      add(id, ABOVE_LEFT, [{ kind: 'active', text: '● now', title: 'the case is here' }]);
    }
  }
  for (const id of lateNow) {
    add(id, ABOVE_LEFT, [{ kind: 'late', text: '■ late', title: 'late' }]);
  }
  for (const [id, { waiting, late: lateCount }] of Object.entries(counts)) {
    const parts = [{ kind: 'count', text: String(waiting), title: `${waiting} waiting` }];
    if (lateCount) {
      parts.push({ kind: 'late', text: `■ ${lateCount}`, title: `${lateCount} of them late` });
    }
    add(id, BELOW_RIGHT, parts);
  }
}

function badge({ kind, text, title }) {
  const element = document.createElement('span');
  element.className = `pd-badge pd-badge--${kind}`;
  element.textContent = text;
  element.title = title;
  return element;
}
