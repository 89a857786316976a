/**
 * Puts the clock settings into the properties panel and takes out what the engine refuses at deployment
 * (listeners), so that nobody fills in what will not run.
 */
import { clockGroup } from './clockGroup.js';
import { withJobTypes } from './jobType.js';

const AFTER_THE_STANDARD_PROVIDERS = 400;
const REFUSED_BY_THE_ENGINE = ['Zeebe__ExecutionListeners', 'Zeebe__TaskListeners'];
const AFTER_GROUPS = ['assignmentDefinition', 'form', 'taskDefinition', 'general'];

class PdflowPropertiesProvider {
  constructor(propertiesPanel, choices) {
    this._choices = choices;
    propertiesPanel.registerProvider(AFTER_THE_STANDARD_PROVIDERS, this);
  }

  getGroups(element) {
    return (groups) => {
      const executable = groups.filter(({ id }) => !REFUSED_BY_THE_ENGINE.includes(id));
      const kept = withJobTypes(executable, element, this._choices.taskTypes);
      const clock = clockGroup(element, this._choices.policies);
      if (!clock) {
        return kept;
      }
      const position = Math.max(...AFTER_GROUPS.map((id) => kept.findIndex((group) => group.id === id)));
      return [...kept.slice(0, position + 1), clock, ...kept.slice(position + 1)];
    };
  }
}

PdflowPropertiesProvider.$inject = ['propertiesPanel', 'pdflowChoices'];

export default {
  __init__: ['pdflowPropertiesProvider'],
  pdflowPropertiesProvider: ['type', PdflowPropertiesProvider],
  pdflowChoices: ['value', { policies: [], taskTypes: [] }],
};
