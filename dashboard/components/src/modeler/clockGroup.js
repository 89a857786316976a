/** The group "Clock" of the properties panel: which SLA policy measures an element, for whom, and on which unit. */
import {
  FeelEntry,
  Group,
  TextFieldEntry,
  isFeelEntryEdited,
  isSelectEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';

import { ChoiceEntry } from './choices.js';
import { readSetting, writeSetting } from './settings.js';

const ENTRIES = [
  {
    name: 'sla:policy',
    label: 'Measured by',
    description: 'The policy whose clock runs while the case is in this step.',
    kind: 'policy',
    applies: (element) => is(element, 'bpmn:Activity'),
  },
  {
    name: 'sla:start',
    label: 'Starts the clock of',
    description: 'The clock starts when this step is done.',
    kind: 'policy',
  },
  {
    name: 'sla:stop',
    label: 'Stops the clock of',
    description: 'The clock stops when this step is done.',
    kind: 'policy',
  },
  {
    name: 'sla:subject',
    label: 'One clock for each',
    description: 'Empty: one clock for the case. For one recipient: =recipient.id',
    kind: 'expression',
  },
  {
    name: 'sla:unit',
    label: 'Accountable unit',
    description: 'Empty: the office of the case.',
    kind: 'expression',
  },
  {
    name: 'case:state',
    label: 'State of the case here',
    description: 'What screens call the case while it is in this step.',
    kind: 'text',
  },
];

export function clockGroup(element, policies) {
  if (!isAny(element, ['bpmn:Activity', 'bpmn:Event']) || element.type === 'label') {
    return null;
  }
  const entries = ENTRIES.filter(({ applies }) => !applies || applies(element)).map((setting) => ({
    ...component(setting.kind, policies),
    id: `pd-${setting.name.replace(':', '-')}`,
    setting,
    policies,
  }));
  return { id: 'pd-clock', label: 'Clock', component: Group, entries };
}

function component(kind, policies) {
  if (kind === 'expression') {
    return { component: ExpressionSetting, isEdited: isFeelEntryEdited };
  }
  if (kind === 'policy' && policies.length) {
    return { component: PolicySetting, isEdited: isSelectEntryEdited };
  }
  return { component: TextSetting, isEdited: isTextFieldEntryEdited };
}

function useSetting({ element, id, setting }) {
  const commandStack = useService('commandStack');
  const bpmnFactory = useService('bpmnFactory');
  return {
    element,
    id,
    label: setting.label,
    description: setting.description,
    debounce: useService('debounceInput'),
    getValue: () => readSetting(element, setting.name),
    setValue: (value) => writeSetting({ commandStack, bpmnFactory }, element, setting.name, value),
  };
}

function TextSetting(props) {
  return TextFieldEntry(useSetting(props));
}

function ExpressionSetting(props) {
  return FeelEntry({ ...useSetting(props), feel: 'optional' });
}

function PolicySetting(props) {
  return ChoiceEntry({ ...useSetting(props), choices: props.policies, unknown: 'not in the pack' });
}
