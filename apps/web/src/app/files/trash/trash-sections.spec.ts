import { exampleDrive } from '../../core/testing/example-drive';
import { sampleFile } from '../testing/sample-file';
import { sectionsOf } from './trash-sections';

const NOW = new Date('2026-08-02T12:00:00Z');

describe('sectionsOf', () => {
  const [first, second] = [exampleDrive({ name: 'Files' }), exampleDrive({ name: 'Media' })];
  const drives = [
    { ...first, id: 'files', access: 'write' as const },
    { ...second, id: 'media', access: 'read' as const },
  ];
  const itemOf = (name: string, driveId: string, expiresAt = '2026-09-01T11:00:00.000Z') => {
    const file = { ...sampleFile(name), driveId, storagePath: `Photos/2019/${name}` };
    return { id: file.id, file, trashedAt: '2026-08-02T11:58:00.000Z', expiresAt };
  };

  it('should go by drive, in the order of the drives', () => {
    const sections = sectionsOf(
      [itemOf('a', 'media'), itemOf('b', 'files'), itemOf('c', 'media')],
      drives,
      NOW,
    );
    expect(sections.map(({ name, lines }) => [name, lines.map((line) => line.name)])).toEqual([
      ['Files', ['b']],
      ['Media', ['a', 'c']],
    ]);
  });

  it('should say where it was, since when it is there, and until when', () => {
    const [section] = sectionsOf([itemOf('b', 'files')], drives, NOW);
    expect(section?.lines[0]).toMatchObject({
      from: 'Photos / 2019',
      since: 'Deleted 2 min ago',
      left: '30 days left',
    });
    const [soon] = sectionsOf([itemOf('b', 'files', '2026-08-02T13:00:00.000Z')], drives, NOW);
    expect(soon?.lines[0]?.left).toBe('Goes today');
  });

  it('should promise no day more than there is when the clock of the page is behind', () => {
    const item = itemOf('b', 'files', '2026-09-01T12:00:30.000Z');
    const [section] = sectionsOf([{ ...item, trashedAt: '2026-08-02T12:00:30.000Z' }], drives, NOW);
    expect(section?.lines[0]?.left).toBe('30 days left');
  });

  it('should offer a change only to who may write there', () => {
    const sections = sectionsOf([itemOf('a', 'media'), itemOf('b', 'files')], drives, NOW);
    expect(sections.map(({ canChange }) => canChange)).toEqual([true, false]);
  });
});
