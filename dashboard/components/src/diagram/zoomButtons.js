/** Zoom by buttons: the wheel is left to the page, so that a diagram never traps a reader who scrolls past. */
export function addZoomButtons(container, canvas, fitAll) {
  const bar = document.createElement('div');
  bar.className = 'pd-zoom';
  bar.append(
    button('+', 'Zoom in', () => canvas.zoom(canvas.zoom() * 1.25, 'auto')),
    button('−', 'Zoom out', () => canvas.zoom(canvas.zoom() / 1.25, 'auto')),
    button('⤢', 'Fit the diagram', fitAll),
  );
  container.append(bar);
}

function button(text, label, press) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.title = label;
  element.setAttribute('aria-label', label);
  element.onclick = press;
  return element;
}
