import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { serial } from '../serial.js';
import { showBadges } from './badges.js';
import { createMarkers } from './markers.js';
import { VIEWER_MARGIN, fit, whenShown } from './viewport.js';
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
  let selected = null;
  let focus = null;
  const fitAll = () => fit(canvas, VIEWER_MARGIN);
  const open = () => fit(canvas, VIEWER_MARGIN, focus && elementRegistry.get(focus));
  const stopWatching = whenShown(container, open);
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
        const chosen = data.selected !== selected && elementRegistry.get(data.selected);
        selected = data.selected;
        focus = [selected, ...data.late, ...data.active].find((id) => elementRegistry.get(id)) ?? null;
        if (reload) {
          open();
        } else if (chosen) {
          canvas.scrollToElement(chosen, 40);
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
