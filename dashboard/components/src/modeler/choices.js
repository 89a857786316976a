/** A select of what the product knows; a value that it does not know is kept and marked, never dropped in silence. */
import { SelectEntry } from '@bpmn-io/properties-panel';

export function ChoiceEntry({ choices, unknown, ...entry }) {
  const value = entry.getValue();
  const known = choices.map((choice) => ({ value: choice, label: choice }));
  const strange = value && !choices.includes(value) ? [{ value, label: `${value} (${unknown})` }] : [];
  return SelectEntry({ ...entry, getOptions: () => [{ value: '', label: '–' }, ...known, ...strange] });
}
