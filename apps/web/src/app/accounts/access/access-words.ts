import type { Access } from '@homeserver/dto';
import type { Choice } from '@homeserver/ui';

export const ACCESS_CHOICES = [
  { value: 'none', label: 'No access' },
  { value: 'read', label: 'Read' },
  { value: 'write', label: 'Read, write' },
] as const satisfies readonly Choice[];

/** The access that a choice in the page stands for. */
export function accessFrom(value: string): Access {
  return ACCESS_CHOICES.find((choice) => choice.value === value)?.value ?? 'none';
}

/** What somebody may do now, in a sentence. */
export function accessWords(person: string, drive: string, access: Access): string {
  if (access === 'none') return `${person} no longer sees ${drive}.`;
  return access === 'read'
    ? `${person} can read ${drive}.`
    : `${person} can read and change ${drive}.`;
}
