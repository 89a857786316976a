/** A failed import is said in the place of the diagram; what was on screen before must not look current. */
export function showFailure(parentElement, error) {
  const note = parentElement.querySelector('.pd-failure');
  note.textContent = error ? `The diagram cannot be drawn: ${error.message}` : '';
  note.hidden = !error;
}
