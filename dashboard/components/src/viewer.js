import { createDiagramView } from './diagram/view.js';
import { showFailure } from './failure.js';
import { mounted, unmount } from './mounts.js';
import './styles/viewer.css';

export async function render({ data, parentElement, setTriggerValue }) {
  const view = mounted(parentElement, () => createDiagramView(parentElement.querySelector('.pd-diagram')));
  view.clicked = (id) => setTriggerValue('clicked', id);
  try {
    await view.update(data);
    showFailure(parentElement, null);
  } catch (error) {
    showFailure(parentElement, error);
  }
}

export { unmount };
