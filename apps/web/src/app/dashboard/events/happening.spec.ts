import type { HomeServerEvent } from '@homeserver/dto';

import {
  exampleCorruption,
  exampleDriveEvent,
  exampleEvent,
  exampleGrant,
  exampleJobFailure,
  exampleUserEvent,
} from '../testing/example-events';
import { happeningsOf, withEvents } from './happening';

const MOST = 5;

function tellings(...events: readonly HomeServerEvent[]): string[] {
  return happeningsOf(events, MOST).map(({ subject, rest, outcome }) =>
    `${subject} ${rest} ${outcome ?? ''}`.trim(),
  );
}

describe('happeningsOf', () => {
  it('should tell each kind of event in words', () => {
    expect(
      tellings(
        exampleEvent({ id: 5, type: 'deleted', filename: 'Old.txt' }),
        exampleEvent({ id: 4, type: 'moved', filename: 'New.txt', previousName: 'Old.txt' }),
        exampleEvent({ id: 3, type: 'moved', filename: 'Moved.txt' }),
        exampleEvent({ id: 2, type: 'changed', filename: 'Tags.txt' }),
        exampleEvent({ id: 1, type: 'created', filename: 'Summer', kind: 'folder' }),
      ),
    ).toEqual([
      'Old.txt was deleted',
      'Old.txt is now called New.txt',
      'Moved.txt was moved',
      'Tags.txt was changed',
      'Folder Summer was added',
    ]);
  });

  it('should tell events of a kind together when they follow closely', () => {
    expect(
      tellings(
        exampleEvent({ id: 3, type: 'created', filename: 'C.heic', minute: 2 }),
        exampleEvent({ id: 2, type: 'created', filename: 'B.heic', minute: 1 }),
        exampleEvent({ id: 1, type: 'created', filename: 'A.heic', minute: 0 }),
      ),
    ).toEqual(['C.heic and 2 more were added']);
  });

  it('should tell them apart when long passed in between', () => {
    expect(
      tellings(
        exampleEvent({ id: 2, type: 'created', filename: 'B.heic', minute: 11 }),
        exampleEvent({ id: 1, type: 'created', filename: 'A.heic', minute: 0 }),
      ),
    ).toHaveLength(2);
  });

  it('should tell two renames apart when they follow closely', () => {
    expect(
      tellings(
        exampleEvent({ id: 2, type: 'moved', filename: 'B2', previousName: 'B' }),
        exampleEvent({ id: 1, type: 'moved', filename: 'A2', previousName: 'A' }),
      ),
    ).toHaveLength(2);
  });

  it('should count a file once when it changed several times', () => {
    expect(
      tellings(
        exampleEvent({ id: 2, type: 'changed', filename: 'A.txt', fileId: 'a' }),
        exampleEvent({ id: 1, type: 'changed', filename: 'A.txt', fileId: 'a' }),
      ),
    ).toEqual(['A.txt was changed']);
  });

  it('should tell apart what was found corrupted: files, or earlier versions of them', () => {
    expect(tellings(exampleCorruption(1, 'A.txt'))).toEqual(['A.txt was found corrupted']);
    expect(tellings(exampleCorruption(1, 'A.txt', 'one'))).toEqual([
      'An earlier version of A.txt was found corrupted',
    ]);
    expect(
      tellings(
        exampleCorruption(3, 'A.txt', 'two'),
        exampleCorruption(2, 'A.txt', 'one'),
        exampleCorruption(1, 'A.txt'),
      ),
    ).toEqual(['An earlier version of A.txt and 2 more were found corrupted']);
  });

  it('should tell of accounts in words, a try to get in as often as it was made', () => {
    expect(
      tellings(
        exampleUserEvent(4, 'homeserver.user.created', 'ben'),
        exampleUserEvent(3, 'homeserver.user.sign_in_failed', 'anna'),
        exampleUserEvent(2, 'homeserver.user.sign_in_failed', 'anna'),
        exampleUserEvent(1, 'homeserver.user.signed_in', 'anna'),
      ),
    ).toEqual(['Account ben was added', 'A sign-in as anna failed 2 times', 'anna signed in']);
  });

  it('should tell two people apart when both sign in', () => {
    expect(
      tellings(
        exampleUserEvent(2, 'homeserver.user.signed_in', 'ben'),
        exampleUserEvent(1, 'homeserver.user.signed_in', 'anna'),
      ),
    ).toEqual(['ben signed in', 'anna signed in']);
  });

  it('should tell the people together who may do the same on a drive', () => {
    expect(
      tellings(
        exampleGrant(4, 'cleo', 'none'),
        exampleGrant(3, 'ben', 'read'),
        exampleGrant(2, 'anna', 'read'),
      ),
    ).toEqual(['cleo may no longer see Media', 'ben and 1 more may now read Media']);
  });

  it('should tell what becomes of drives, and which job failed', () => {
    expect(
      tellings(
        exampleJobFailure(3),
        exampleDriveEvent(2, 'homeserver.drive.online'),
        exampleDriveEvent(1, 'homeserver.drive.offline'),
      ),
    ).toEqual(['Copy of “Summer” failed', 'Drive Media is online', 'Drive Media went offline']);
  });

  it('should end a telling at its last event when there are more than fit', () => {
    const events = Array.from({ length: 20 }, (_, index) =>
      exampleEvent({
        id: 20 - index,
        type: index % 2 === 0 ? 'created' : 'deleted',
        filename: `${index}`,
      }),
    );

    expect(happeningsOf(events, MOST)).toHaveLength(MOST);
  });
});

describe('withEvents', () => {
  const older = exampleEvent({ id: 9, type: 'created', filename: 'A' });
  const newer = exampleEvent({ id: 10, type: 'created', filename: 'B' });

  it('should put the newest first by number, each once', () => {
    expect(withEvents([older], [newer, older], 10).map((event) => event.id)).toEqual(['10', '9']);
  });

  it('should keep the newest when there are too many', () => {
    expect(withEvents([older], [newer], 1).map((event) => event.id)).toEqual(['10']);
  });
});
