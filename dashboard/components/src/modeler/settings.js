/**
 * Reads and writes the settings that pdflow adds to an element: `zeebe:property` entries such as `sla:policy`
 * inside `zeebe:properties`, where every common modeler shows them too.
 */
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

export function readSetting(element, name) {
  return entry(containerOf(extensionsOf(element)), name)?.value ?? '';
}

/** One undoable step, whichever of the enclosing elements are still missing. An empty value removes the entry. */
export function writeSetting({ commandStack, bpmnFactory }, element, name, value) {
  const commands = [];
  const update = (moddleElement, properties) =>
    commands.push({
      cmd: 'element.updateModdleProperties',
      context: { element, moddleElement, properties },
    });
  const create = (type, parent, properties) => {
    const created = bpmnFactory.create(type, properties);
    created.$parent = parent;
    return created;
  };

  const businessObject = ownerOf(element);
  let extensions = extensionsOf(element);
  if (!extensions) {
    extensions = create('bpmn:ExtensionElements', businessObject, { values: [] });
    update(businessObject, { extensionElements: extensions });
  }
  let container = containerOf(extensions);
  if (!container) {
    container = create('zeebe:Properties', extensions, { properties: [] });
    update(extensions, { values: [...extensions.get('values'), container] });
  }

  const existing = entry(container, name);
  const others = container.get('properties').filter((property) => property !== existing);
  if (!value) {
    update(container, { properties: others });
  } else if (existing) {
    update(existing, { value });
  } else {
    update(container, { properties: [...others, create('zeebe:Property', container, { name, value })] });
  }
  commandStack.execute('properties-panel.multi-command-executor', commands);
}

/** A pool stands for its process: settings belong to the process. */
function ownerOf(element) {
  const businessObject = getBusinessObject(element);
  return is(businessObject, 'bpmn:Participant') ? businessObject.get('processRef') : businessObject;
}

function extensionsOf(element) {
  return ownerOf(element)?.get('extensionElements');
}

function containerOf(extensions) {
  return extensions?.get('values').find((value) => is(value, 'zeebe:Properties'));
}

function entry(container, name) {
  return container?.get('properties').find((property) => property.name === name);
}
