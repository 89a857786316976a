/**
 * Reads and writes the settings that pdflow adds to an element: `zeebe:property` entries such as `sla:policy`
 * inside `zeebe:properties`, where every common modeler shows them too.
 */
import { changeExtension, extensionOf } from './extensions.js';

const TYPE = 'zeebe:Properties';

export function readSetting(element, name) {
  return entry(extensionOf(element, TYPE), name)?.value ?? '';
}

/** An empty value removes the entry. */
export function writeSetting(services, element, name, value) {
  changeExtension(services, element, TYPE, { properties: [] }, (container, create) => {
    const existing = entry(container, name);
    if (existing && value) {
      return [[existing, { value }]];
    }
    const others = container.get('properties').filter((property) => property !== existing);
    const properties = value ? [...others, create('zeebe:Property', container, { name, value })] : others;
    return [[container, { properties }]];
  });
}

function entry(container, name) {
  return container?.get('properties').find((property) => property.name === name);
}
