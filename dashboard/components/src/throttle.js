/** Calls `emit` at most once in `wait` milliseconds, always with the newest arguments last. */
export function throttle(emit, wait) {
  let timer = null;
  let pending = null;
  let previous = -Infinity;

  function fire() {
    timer = null;
    previous = performance.now();
    const args = pending;
    pending = null;
    emit(...args);
  }

  function throttled(...args) {
    pending = args;
    timer ??= setTimeout(fire, Math.max(0, previous + wait - performance.now()));
  }

  throttled.cancel = () => {
    clearTimeout(timer);
    timer = null;
  };

  return throttled;
}
