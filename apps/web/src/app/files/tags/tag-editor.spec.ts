import { TestBed } from '@angular/core/testing';

import { elementOf, fieldIn } from '../testing/rendered';
import { TagEditor } from './tag-editor';

describe('TagEditor', () => {
  let edits: (readonly string[])[];

  beforeEach(() => {
    edits = [];
  });

  async function open(tags: readonly string[]) {
    const fixture = TestBed.createComponent(TagEditor);
    fixture.componentRef.setInput('tags', tags);
    fixture.componentRef.setInput('known', []);
    fixture.componentInstance.edited.subscribe((edited) => {
      edits.push(edited);
      fixture.componentRef.setInput('tags', edited);
    });
    await fixture.whenStable();
    const element = elementOf(fixture);
    const field = fieldIn(element);
    const type = async (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event('input'));
      await fixture.whenStable();
    };
    const press = async (key: string) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
      await fixture.whenStable();
    };
    return { element, field, fixture, press, type };
  }

  it('should add a tag when Enter is pressed, and empty the field', async () => {
    const { field, press, type } = await open(['a']);
    await type(' to print ');
    await press('Enter');
    expect(edits).toEqual([['a', 'to print']]);
    expect(field.value).toBe('');
  });

  it('should leave Enter to the input method while it composes a character', async () => {
    const { field, fixture, type } = await open([]);
    await type('か');
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true }));
    await fixture.whenStable();
    expect(edits).toEqual([]);
  });

  it('should add a tag when a comma is typed', async () => {
    const { type } = await open([]);
    await type('holiday,');
    expect(edits).toEqual([['holiday']]);
  });

  it('should remove the last tag when Backspace is pressed in the empty field', async () => {
    const { press, type } = await open(['a', 'b']);
    await type('x');
    await press('Backspace');
    expect(edits).toEqual([]);
    await type('');
    await press('Backspace');
    expect(edits).toEqual([['a']]);
  });

  it('should remove the tag whose button is pressed', async () => {
    const { element } = await open(['a', 'b']);
    element.querySelector<HTMLElement>('[aria-label="Remove the tag a"]')?.click();
    expect(edits).toEqual([['b']]);
  });

  it('should say what is wrong and keep the text when it cannot be a tag', async () => {
    const { element, field, press, type } = await open([]);
    await type('x'.repeat(65));
    await press('Enter');
    expect(edits).toEqual([]);
    expect(field.value).toHaveLength(65);
    expect(element.querySelector('[role="alert"]')?.textContent).toContain('64 characters');
  });

  it('should add nothing when the tag is there already', async () => {
    const { press, type } = await open(['a']);
    await type('a');
    await press('Enter');
    expect(edits).toEqual([]);
  });
});
