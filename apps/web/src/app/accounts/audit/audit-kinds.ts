import type { Choice } from '@homeserver/ui';

interface Kind {
  /** In the address of the page. */
  readonly value: string;
  readonly label: string;
  readonly types: readonly string[];
}

const USER = 'homeserver.user.';

/** What can be shown alone. */
const KINDS: readonly Kind[] = [
  { value: '', label: 'Everything', types: [] },
  {
    value: 'sign-ins',
    label: 'Sign-ins',
    types: [
      `${USER}signed_in`,
      `${USER}sign_in_failed`,
      `${USER}signed_out`,
      `${USER}session_ended`,
    ],
  },
  {
    value: 'users',
    label: 'Users and access',
    types: [`${USER}created`, `${USER}changed`, `${USER}deleted`, 'homeserver.drive.granted'],
  },
  {
    value: 'keys',
    label: 'Passwords and keys',
    types: [
      `${USER}password_changed`,
      `${USER}token_created`,
      `${USER}token_deleted`,
      `${USER}factor_added`,
      `${USER}factor_removed`,
      `${USER}recovery_codes_made`,
      `${USER}identity_linked`,
    ],
  },
  { value: 'drives', label: 'Drives', types: ['homeserver.drive.*'] },
  { value: 'files', label: 'Files', types: ['homeserver.file.*'] },
];

export const KIND_CHOICES: readonly Choice[] = KINDS.map(({ value, label }) => ({ value, label }));

/** The event types of a kind; all where there is no such kind. */
export function typesOf(kind: string): readonly string[] {
  return KINDS.find(({ value }) => value === kind)?.types ?? [];
}
