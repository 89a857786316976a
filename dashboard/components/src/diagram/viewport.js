import { getBBox } from 'diagram-js/lib/util/Elements';

/**
 * Fits a diagram into its container, once the container has a size: in a tab that is not shown it has none.
 * A diagram too large to be read as a whole is opened at the element in question, at a size that can be read.
 */
const SMALLEST_READABLE_ZOOM = 0.6;

/** Room for the zoom buttons at the right and the watermark at the bottom. */
export const VIEWER_MARGIN = { left: 16, top: 16, right: 56, bottom: 48 };

/** Room for the palette at the left, the lint button and the watermark at the bottom. */
export const EDITOR_MARGIN = { left: 136, top: 24, right: 24, bottom: 64 };

export function fit(canvas, margin, focus) {
  const { inner, outer } = canvas.viewbox();
  if (!outer.width || !outer.height || !inner.width || !inner.height) {
    return;
  }
  const room = {
    width: Math.max(1, outer.width - margin.left - margin.right),
    height: Math.max(1, outer.height - margin.top - margin.bottom),
  };
  const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
  if (scale < SMALLEST_READABLE_ZOOM && focus) {
    centre(canvas, outer, focus);
    return;
  }
  canvas.viewbox({
    x: inner.x - (margin.left + (room.width - inner.width * scale) / 2) / scale,
    y: inner.y - (margin.top + (room.height - inner.height * scale) / 2) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

function centre(canvas, outer, element) {
  // Also switches to the plane of a collapsed subprocess when the element is inside one.
  canvas.scrollToElement(element);
  const box = getBBox(element);
  const width = outer.width / SMALLEST_READABLE_ZOOM;
  const height = outer.height / SMALLEST_READABLE_ZOOM;
  canvas.viewbox({
    x: box.x + box.width / 2 - width / 2,
    y: box.y + box.height / 2 - height / 2,
    width,
    height,
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
