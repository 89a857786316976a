import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import { ZeebePropertiesProviderModule, ZeebeTooltipProvider } from 'bpmn-js-properties-panel';
import Modeler from 'bpmn-js/lib/Modeler';
import lintModule from 'bpmn-js-bpmnlint';
import ZeebeBehaviorsModule from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import minimapModule from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';

import { EDITOR_MARGIN, fit, whenShown } from '../diagram/viewport.js';
import { bpmnlint } from '../lint/rules.js';
import { serial } from '../serial.js';
import { throttle } from '../throttle.js';
import { showFindings } from './findings.js';
import { keepLetterKeys } from './keys.js';
import pdflowProperties from './propertiesProvider.js';

const EMIT_AT_MOST_EVERY_MS = 400;

/** An editor that reloads only for a new revision, so that undo and the viewport outlive the page's reruns. */
export function createEditor(container) {
  const modeler = new Modeler({
    container: container.querySelector('.pd-canvas'),
    propertiesPanel: { parent: container.querySelector('.pd-properties') },
    linting: { bpmnlint, active: true },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeTooltipProvider,
      ZeebeBehaviorsModule,
      lintModule,
      minimapModule,
      pdflowProperties,
    ],
  });
  const canvas = modeler.get('canvas');
  const elementRegistry = modeler.get('elementRegistry');
  const overlays = modeler.get('overlays');
  const selection = modeler.get('selection');
  const choices = modeler.get('pdflowChoices');
  const next = serial();

  let revision = null;
  let focus = null;
  const stopWatching = whenShown(container, () => fit(canvas, EDITOR_MARGIN));
  keepLetterKeys(container);

  const editor = {
    /** Set by the component on every run: called with what Python shall know. */
    emit: () => {},

    update(data) {
      return next(async () => {
        container.style.height = `${data.height}px`;
        container.setAttribute('aria-label', data.label);
        choices.policies = data.policies;
        choices.taskTypes = data.taskTypes;
        if (data.revision !== revision) {
          await open(data);
        }
        showFindings(overlays, elementRegistry, data.findings);
        if (data.focus !== focus) {
          focus = data.focus;
          show(elementRegistry.get(focus));
        }
      });
    },

    destroy() {
      emitXml.cancel();
      emitSelected.cancel();
      stopWatching();
      modeler.destroy();
    },
  };

  const emitXml = throttle(async () => {
    const edited = revision;
    const { xml } = await modeler.saveXML({ format: true });
    editor.emit('edited', { revision: edited, xml });
  }, EMIT_AT_MOST_EVERY_MS);
  const emitSelected = throttle((id) => editor.emit('selected', id), EMIT_AT_MOST_EVERY_MS);

  async function open(data) {
    emitXml.cancel();
    emitSelected.cancel();
    const { warnings } = await modeler.importXML(data.xml);
    revision = data.revision;
    focus = null;
    fit(canvas, EDITOR_MARGIN);
    editor.emit('opened', { revision, warnings: warnings.map(({ message }) => message) });
  }

  function show(element) {
    if (element) {
      canvas.scrollToElement(element, 80);
      selection.select(element);
    }
  }

  modeler.on('commandStack.changed', () => emitXml());
  modeler.on('selection.changed', ({ newSelection }) => {
    const [only] = newSelection.length === 1 ? newSelection : [];
    emitSelected(only ? (only.labelTarget?.id ?? only.id) : null);
  });

  return editor;
}
