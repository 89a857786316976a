/**
 * Runs asynchronous updates one after another: a rerun that arrives while a diagram is still being imported
 * must not interleave with it.
 */
export function serial() {
  let last = Promise.resolve();
  return (task) => {
    last = last.then(task, task);
    return last;
  };
}
