import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import { html, type Html, joined } from './html';
import { inline } from './markdown';

/** What is shown of JSON Schema 2020-12. */
const nodeSchema = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  description: z.string().optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  examples: z.array(z.unknown()).optional(),
});
type Node = z.infer<typeof nodeSchema>;

/** Where the page has the shape that a `$ref` leads to. */
export function anchorOf(reference: string): string {
  return `shape-${nameOf(reference)}`;
}

export function nameOf(reference: string): string {
  return reference.split('/').at(-1) ?? reference;
}

/** The members of a shape, each with its type and what it means. */
export function members(schema: unknown): Html {
  const node = nodeSchema.parse(schema);
  return node.oneOf === undefined ? membersOf(node) : variants(node.oneOf);
}

/** The first example that a shape brings; null where it has none. */
export function exampleOf(schema: unknown): string | null {
  const [example] = nodeSchema.parse(schema).examples ?? [];
  if (example === undefined) return null;
  // Lists of plain values in one line each: they would make most of the height.
  return JSON.stringify(example, null, 2).replace(
    /\[\n\s+([^[\]{}]*?)\n\s*\]/g,
    (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`,
  );
}

function membersOf({ properties = {}, required = [] }: Node): Html {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const node = nodeSchema.parse(schema);
    const optional = required.includes(name) ? '' : html` <span class="optional">optional</span>`;
    const description =
      node.description === undefined ? '' : html`<p>${inline(node.description)}</p>`;
    return html`<li>
      <code class="name">${name}</code>
      <span class="type">${typeOf(node)}</span>${optional}${description}${inner(node)}
    </li>`;
  });
  return html`<ul class="members">
    ${rows}
  </ul>`;
}

/** Shapes of which one holds: what they share is said once. */
function variants(schemas: readonly unknown[]): Html {
  const nodes = schemas.map((schema) => nodeSchema.parse(schema));
  const [first] = nodes;
  const shared = Object.entries(first?.properties ?? {}).filter(([name, schema]) =>
    nodes.every(({ properties }) => isDeepStrictEqual(properties?.[name], schema)),
  );
  const names = shared.map(([name]) => name);
  const own = nodes.map((node) => ({
    ...node,
    properties: Object.fromEntries(
      Object.entries(node.properties ?? {}).filter(([name]) => !names.includes(name)),
    ),
  }));
  return html`${membersOf({ ...first, properties: Object.fromEntries(shared) })}
    <p class="aside">and one of these:</p>
    <ul class="variants">
      ${own.map((node) => html`<li>${membersOf(node)}</li>`)}
    </ul>`;
}

/** What lies in a member that is itself an object, or a list of them. */
function inner(node: Node): Html | string {
  const candidates = [node, ...[node.items, ...(node.anyOf ?? [])].flatMap(asNode)];
  const object = candidates.find(({ properties }) => properties !== undefined);
  return object === undefined ? '' : membersOf(object);
}

function asNode(schema: unknown): Node[] {
  return schema === undefined ? [] : [nodeSchema.parse(schema)];
}

function typeOf(node: Node): Html {
  if (node.$ref !== undefined)
    return html`<a href="#${anchorOf(node.$ref)}">${nameOf(node.$ref)}</a>`;
  if (node.const !== undefined) return literal(node.const);
  if (node.enum !== undefined) return joined(node.enum.map(literal), ' or ');
  const choices = (node.anyOf ?? []).flatMap(asNode);
  if (choices.length > 0) return joined(choices.map(typeOf), ' or ');
  const [item] = asNode(node.items);
  if (item !== undefined) return html`list of ${typeOf(item)}`;
  const types = [node.type ?? 'any value'].flat().join(' or ');
  return node.format === undefined ? html`${types}` : html`${types}, ${node.format}`;
}

function literal(value: unknown): Html {
  return html`<code>${JSON.stringify(value)}</code>`;
}
