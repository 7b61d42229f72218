import { TestBed } from '@angular/core/testing';

import { FileRenaming } from '../actions/file-renaming';
import { elementOf, fieldIn } from '../testing/rendered';
import { sampleFile } from '../testing/sample-file';
import { RenameField } from './rename-field';

describe('RenameField', () => {
  let asked: string[];
  let answer: string | null;
  let closedCount: number;
  let hadFocus: boolean[];

  beforeEach(() => {
    asked = [];
    answer = null;
    closedCount = 0;
    hadFocus = [];
    Element.prototype.scrollIntoView = () => undefined;
    const renaming = {
      rename: (_: unknown, filename: string) => {
        asked.push(filename);
        return Promise.resolve(answer);
      },
    };
    TestBed.configureTestingModule({ providers: [{ provide: FileRenaming, useValue: renaming }] });
  });

  async function open(filename: string) {
    const fixture = TestBed.createComponent(RenameField);
    fixture.componentRef.setInput('file', sampleFile(filename));
    fixture.componentInstance.closed.subscribe((isHere) => {
      closedCount += 1;
      hadFocus.push(isHere);
    });
    const element = elementOf(fixture);
    document.body.append(element);
    await fixture.whenStable();
    const field = fieldIn(element);
    const press = async (key: string) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      await fixture.whenStable();
    };
    const text = () => element.textContent.trim();
    return { field, press, text };
  }

  it('should preselect the name without its extension when it opens', async () => {
    const { field } = await open('Ferry tickets.pdf');
    expect(document.activeElement).toBe(field);
    expect(field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0)).toBe(
      'Ferry tickets',
    );
  });

  it('should take the new name when Enter is pressed', async () => {
    const { field, press } = await open('a.txt');
    field.value = 'b.txt';
    await press('Enter');
    expect(asked).toEqual(['b.txt']);
    expect(closedCount).toBe(1);
  });

  it('should stay open with the reason at the field when the name is taken', async () => {
    answer = 'There is already an entry named “b.txt” here.';
    const { field, press, text } = await open('a.txt');
    field.value = 'b.txt';
    await press('Enter');
    expect(text()).toBe(answer);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(closedCount).toBe(0);
  });

  it('should say what is wrong without asking the server when no entry can have such a name', async () => {
    const { field, press, text } = await open('a.txt');
    field.value = 'a/b';
    await press('Enter');
    expect(text()).toBe('A name must not contain a slash.');
    expect(asked).toEqual([]);
  });

  it('should leave the old name when Escape is pressed or nothing was changed', async () => {
    const { field, press } = await open('a.txt');
    field.value = 'b.txt';
    await press('Escape');
    expect(closedCount).toBe(1);
    const unchanged = await open('c.txt');
    await unchanged.press('Enter');
    expect(closedCount).toBe(2);
    expect(asked).toEqual([]);
  });

  it('should say whether the keyboard is still in it when it closes', async () => {
    const entered = await open('a.txt');
    await entered.press('Enter');
    const left = await open('a.txt');
    left.field.blur();
    expect(hadFocus).toEqual([true, false]);
  });

  it('should leave Enter and Escape to the input method while it composes a character', async () => {
    const { field } = await open('a.txt');
    field.value = 'か.txt';
    for (const key of ['Enter', 'Escape'])
      field.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true }));
    expect(asked).toEqual([]);
    expect(closedCount).toBe(0);
  });

  it('should give up a refused name when elsewhere is clicked', async () => {
    answer = 'Taken.';
    const { field, press } = await open('a.txt');
    field.value = 'b.txt';
    await press('Enter');
    field.blur();
    expect(closedCount).toBe(1);
    expect(asked).toEqual(['b.txt']);
  });
});
