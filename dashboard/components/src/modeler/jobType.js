/** The job type of a task as a choice among the jobs that are registered: a mistyped one would never run. */
import { isSelectEntryEdited } from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';

import { ChoiceEntry } from './choices.js';
import { changeExtension, extensionOf } from './extensions.js';

const TYPE = 'zeebe:TaskDefinition';
const STANDARD_ENTRY = 'taskDefinitionType';

/** Replaces the standard free-text entry where it stands. */
export function withJobTypes(groups, element, taskTypes) {
  if (!taskTypes.length) {
    return groups;
  }
  const choice = { id: STANDARD_ENTRY, element, taskTypes, component: JobType, isEdited: isSelectEntryEdited };
  return groups.map((group) =>
    group.entries
      ? { ...group, entries: group.entries.map((entry) => (entry.id === STANDARD_ENTRY ? choice : entry)) }
      : group,
  );
}

function JobType({ element, id, taskTypes }) {
  const services = { commandStack: useService('commandStack'), bpmnFactory: useService('bpmnFactory') };
  return ChoiceEntry({
    element,
    id,
    label: 'Job type',
    choices: taskTypes,
    unknown: 'not registered',
    debounce: useService('debounceInput'),
    getValue: () => extensionOf(element, TYPE)?.get('type') ?? '',
    setValue: (type) => changeExtension(services, element, TYPE, {}, (job) => [[job, { type: type || undefined }]]),
  });
}
