import { showFailure } from './failure.js';
import { createEditor } from './modeler/editor.js';
import { mounted, unmount } from './mounts.js';
import './styles/modeler.css';

export async function render({ data, parentElement, setStateValue }) {
  const editor = mounted(parentElement, () => createEditor(parentElement.querySelector('.pd-modeler')));
  editor.emit = setStateValue;
  try {
    await editor.update(data);
    showFailure(parentElement, null);
  } catch (error) {
    showFailure(parentElement, error);
  }
}

export { unmount };
