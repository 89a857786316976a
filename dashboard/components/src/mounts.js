/**
 * One editor or viewer per mount point. Streamlit calls the renderer on every rerun with the same parent
 * element, so the instance, its viewport and its undo stack must outlive the call.
 */
const mounts = new WeakMap();

export function mounted(parentElement, create) {
  if (!mounts.has(parentElement)) {
    mounts.set(parentElement, create(parentElement));
  }
  return mounts.get(parentElement);
}

export function unmount(parentElement) {
  mounts.get(parentElement)?.destroy();
  mounts.delete(parentElement);
}
