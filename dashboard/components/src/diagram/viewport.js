/**
 * Fits a diagram into its container, once the container has a size: in a tab that is not shown it has none.
 * Room is left at the right for the zoom buttons and at the bottom for the watermark.
 */
const MARGIN = { left: 16, top: 16, right: 56, bottom: 48 };
const SMALLEST_READABLE_ZOOM = 0.4;

export function fit(canvas, focus) {
  const { inner, outer } = canvas.viewbox();
  if (!outer.width || !outer.height || !inner.width || !inner.height) {
    return;
  }
  const room = {
    width: Math.max(1, outer.width - MARGIN.left - MARGIN.right),
    height: Math.max(1, outer.height - MARGIN.top - MARGIN.bottom),
  };
  const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
  if (scale < SMALLEST_READABLE_ZOOM && focus) {
    canvas.zoom(SMALLEST_READABLE_ZOOM);
    canvas.scrollToElement(focus, 80);
    return;
  }
  canvas.viewbox({
    x: inner.x - (MARGIN.left + (room.width - inner.width * scale) / 2) / scale,
    y: inner.y - (MARGIN.top + (room.height - inner.height * scale) / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Calls `shown` each time the container goes from no size to some size; returns a function that stops it. */
export function whenShown(container, shown) {
  let visible = container.clientWidth > 0;
  const observer = new ResizeObserver(() => {
    const now = container.clientWidth > 0 && container.clientHeight > 0;
    if (now && !visible) {
      shown();
    }
    visible = now;
  });
  observer.observe(container);
  return () => observer.disconnect();
}
