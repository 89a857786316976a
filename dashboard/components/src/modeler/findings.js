import { READABLE } from '../diagram/badges.js';

/** Findings of the server's check, pinned to their elements: the same words as in the list below the diagram. */
const TYPE = 'pd-finding';

export function showFindings(overlays, elementRegistry, findings) {
  overlays.remove({ type: TYPE });
  for (const [id, found] of grouped(findings)) {
    const element = elementRegistry.get(id);
    if (!element || element.waypoints) {
      continue;
    }
    const isError = found.some(({ severity }) => severity === 'error');
    const html = document.createElement('div');
    html.className = `pd-badge pd-badge--${isError ? 'error' : 'advice'}`;
    html.textContent = isError ? `■ ${found.length}` : `▲ ${found.length}`;
    html.title = found.map(({ message }) => message).join('\n');
    overlays.add(id, TYPE, { position: { bottom: 12, left: -8 }, html, scale: READABLE });
  }
}

function grouped(findings) {
  const byElement = new Map();
  for (const finding of findings) {
    if (finding.element) {
      byElement.set(finding.element, [...(byElement.get(finding.element) ?? []), finding]);
    }
  }
  return byElement;
}
