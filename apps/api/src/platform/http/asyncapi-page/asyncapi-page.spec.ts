import { describe, expect, it } from '@jest/globals';

import { createAsyncApiDocument } from '../asyncapi';
import { createAsyncApiPage } from './asyncapi-page';
import { html } from './html';
import { exampleOf, members } from './json-schema-view';
import { markdown } from './markdown';

const textOf = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('');
const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe('createAsyncApiPage', () => {
  const page = createAsyncApiPage(createAsyncApiDocument('1.2.3'));

  it('should show each socket with its address, its refusals and its close codes', () => {
    for (const shown of ['1.2.3', '/api/v1/monitoring/ws', '/api/v1/events/ws'])
      expect(page).toContain(shown);
    for (const code of ['401', '410', '1001', '4408']) expect(page).toContain(`<dt>${code}</dt>`);
  });

  it('should have a place for everything that it leads to', () => {
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
    const places = [...page.matchAll(/ id="([^"]+)"/g)].map(([, place]) => place);

    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !places.includes(target))).toEqual([]);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it('should bring no script and no style of its own, so that a strict policy can forbid them', () => {
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
  });
});

describe('html', () => {
  it('should escape text, and leave pieces of a page as they are', () => {
    const piece = html`<b>${'a < b & "c"'}</b>`;

    expect(html`<p title="${`'"`}">${piece}${['<', piece]}</p>`.text).toBe(
      '<p title="&#39;&quot;"><b>a &lt; b &amp; &quot;c&quot;</b>&lt;<b>a &lt; b &amp; &quot;c&quot;</b></p>',
    );
  });
});

describe('markdown', () => {
  it('should make paragraphs with code and links of this server', () => {
    expect(textOf(markdown('See [the calls](/docs), `a<b`.\n\nMore.'))).toBe(
      '<p>See <a href="/docs">the calls</a>, <code>a&lt;b</code>.</p><p>More.</p>',
    );
  });

  it('should leave a link as text when it leads elsewhere', () => {
    expect(textOf(markdown('[here](https://elsewhere.example)'))).not.toContain('<a');
  });

  it('should make a table of codes when every item of a list begins with one', () => {
    expect(textOf(markdown('- 1001: The end\n- 4408: Too slow'))).toContain('<dt>4408</dt>');
    expect(textOf(markdown('- 1001: The end\n- other'))).toContain('<ul>');
  });
});

describe('members', () => {
  it('should say once what all variants share', () => {
    const variant = (type: string) => ({
      type: 'object',
      properties: { id: { type: 'string' }, type: { const: type } },
      required: ['id', 'type'],
    });
    const { text } = members({ oneOf: [variant('one'), variant('other')] });

    expect(occurrences(text, '>id<')).toBe(1);
    expect(occurrences(text, '>type<')).toBe(2);
    expect(text).toContain('&quot;other&quot;');
  });

  it.each([
    [{ type: ['number', 'null'] }, 'number or null'],
    [{ type: 'string', format: 'date-time' }, 'string, date-time'],
    [{ type: 'array', items: { type: 'string' } }, 'list of string'],
    [
      { anyOf: [{ $ref: '#/components/schemas/Drive' }, { type: 'null' }] },
      '<a href="#shape-Drive">Drive</a> or null',
    ],
    [
      { enum: ['file', 'folder'] },
      '<code>&quot;file&quot;</code> or <code>&quot;folder&quot;</code>',
    ],
  ])('should say of %j that it is %s', (schema, said) => {
    expect(members({ properties: { member: schema } }).text).toContain(
      `<span class="type">${said}</span>`,
    );
  });

  it('should say that a member may be absent only when it may', () => {
    const { text } = members({ properties: { a: {}, b: {} }, required: ['a'] });
    expect(occurrences(text, 'optional</span>')).toBe(1);
  });

  it('should show what lies in objects and in lists of them', () => {
    const inner = { type: 'object', properties: { deep: { type: 'string' } } };
    for (const schema of [
      inner,
      { type: 'array', items: inner },
      { anyOf: [inner, { type: 'null' }] },
    ])
      expect(members({ properties: { outer: schema } }).text).toContain('>deep<');
  });
});

describe('exampleOf', () => {
  it('should be the same value, with lists of plain values in one line', () => {
    const example = { a: [1, 2, 3], b: [{ c: ['x\n  y'] }] };
    const text = exampleOf({ examples: [example] }) ?? '';

    expect(JSON.parse(text)).toEqual(example);
    expect(text).toContain('"a": [1, 2, 3]');
  });

  it('should be null when the shape brings none', () => {
    expect(exampleOf({ type: 'string' })).toBeNull();
  });
});
