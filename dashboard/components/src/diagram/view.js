import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { serial } from '../serial.js';
import { showBadges } from './badges.js';
import { createMarkers } from './markers.js';
import { fit, whenShown } from './viewport.js';
import { addZoomButtons } from './zoomButtons.js';

/** A read-only diagram with the state of one case or the counts of all cases drawn on it. */
export function createDiagramView(container) {
  const viewer = new NavigatedViewer({ container, zoomScroll: { enabled: false } });
  const canvas = viewer.get('canvas');
  const elementRegistry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  const markers = createMarkers(canvas, elementRegistry);
  const next = serial();

  let revision = null;
  let focus = null;
  const fitAll = () => fit(canvas, focus && elementRegistry.get(focus));
  const stopWatching = whenShown(container, fitAll);
  addZoomButtons(container, canvas, fitAll);

  const view = {
    /** Set by the component on every run; called with the id of a clicked element. */
    clicked: () => {},

    update(data) {
      return next(async () => {
        container.setAttribute('aria-label', data.label);
        container.style.height = `${data.height}px`;
        const reload = data.revision !== revision;
        if (reload) {
          markers.forget();
          await viewer.importXML(data.xml);
          revision = data.revision;
        }
        markers.update({
          'pd-done': data.done,
          'pd-active': data.active,
          'pd-late': data.late,
          'pd-selected': data.selected ? [data.selected] : [],
        });
        showBadges(overlays, elementRegistry, data);
        focus = data.selected ?? data.late[0] ?? data.active[0] ?? null;
        if (reload) {
          fitAll();
        }
      });
    },

    destroy() {
      stopWatching();
      viewer.destroy();
    },
  };

  viewer.on('element.click', ({ element }) => {
    if (element !== canvas.getRootElement()) {
      view.clicked(element.labelTarget?.id ?? element.id);
    }
  });

  return view;
}
