/** Extension elements (`zeebe:…`) of a diagram element, and the commands of the editor that create and change them. */
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

export function extensionOf(element, type) {
  return businessObjectOf(element).get('extensionElements')?.get('values').find((value) => is(value, type));
}

/**
 * Changes an extension element as one undoable step, whichever of the enclosing elements are still missing.
 *
 * `change(extension, create)` returns pairs of a model element and its new properties; `create(type, parent,
 * properties)` makes a new one.
 */
export function changeExtension({ commandStack, bpmnFactory }, element, type, empty, change) {
  const commands = [];
  const set = (moddleElement, properties) =>
    commands.push({ cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } });
  const create = (created, parent, properties) => {
    const moddleElement = bpmnFactory.create(created, properties);
    moddleElement.$parent = parent;
    return moddleElement;
  };

  const businessObject = businessObjectOf(element);
  let extensions = businessObject.get('extensionElements');
  if (!extensions) {
    extensions = create('bpmn:ExtensionElements', businessObject, { values: [] });
    set(businessObject, { extensionElements: extensions });
  }
  let extension = extensionOf(element, type);
  if (!extension) {
    extension = create(type, extensions, empty);
    set(extensions, { values: [...extensions.get('values'), extension] });
  }
  for (const [moddleElement, properties] of change(extension, create)) {
    set(moddleElement, properties);
  }
  commandStack.execute('properties-panel.multi-command-executor', commands);
}

/** A pool stands for its process: extensions belong to the process. */
function businessObjectOf(element) {
  const businessObject = getBusinessObject(element);
  return is(businessObject, 'bpmn:Participant') ? businessObject.get('processRef') : businessObject;
}
