/**
 * Keeps plain letter keys pressed on the canvas away from the page: the page reads "r" as rerun and "c" as
 * clear cache, where the editor means replace and connect.
 */
const LETTER = /^[a-z]$/i;

export function keepLetterKeys(container) {
  container.addEventListener('keydown', (event) => {
    if (LETTER.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.stopPropagation();
    }
  });
}
