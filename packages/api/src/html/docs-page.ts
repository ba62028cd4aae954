import { openApiDocument } from '../openapi.ts';
import { adviceOf, statusOf } from '../problem.ts';
import type { Route } from '../route.ts';
import { problemCodes } from '../schemas/common.ts';
import { type Html, html } from './escape.ts';
import { page } from './layout.ts';

type Json = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON schema in one line: `string`, `"a" | "b"`, `integer 1 to 100`, `[number]`, or a link to a component. */
function typeOf(schema: unknown): Html {
  if (!isObject(schema)) return html`any`;
  const orNull = schema['nullable'] === true ? ' or null' : '';
  if (typeof schema['$ref'] === 'string') {
    const name = schema['$ref'].split('/').at(-1) ?? '';
    return html`<a href="#schema-${name}">${name}</a>${orNull}`;
  }
  const union = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (Array.isArray(union)) {
    return html`${union.map((member, i) => [i === 0 ? '' : ' | ', typeOf(member)])}${orNull}`;
  }
  if (Array.isArray(schema['enum'])) {
    return html`${schema['enum'].map((v) => JSON.stringify(v)).join(' | ')}${orNull}`;
  }
  if (schema['type'] === 'array') return html`[${typeOf(schema['items'])}]${orNull}`;
  if (isObject(schema['properties'])) {
    const fields = Object.entries(schema['properties']);
    return html`{ ${fields.map(([name, s], i) => [i === 0 ? '' : ', ', `${name}: `, typeOf(s)])} }${orNull}`;
  }
  if (isObject(schema['additionalProperties'])) {
    return html`{ name: ${typeOf(schema['additionalProperties'])} }${orNull}`;
  }
  const low = schema['minimum'];
  const high = schema['maximum'];
  const range = typeof low === 'number' && typeof high === 'number' ? ` ${low} to ${high}` : '';
  return html`${typeof schema['type'] === 'string' ? schema['type'] : 'any'}${range}${orNull}`;
}

function fieldTable(rows: readonly { name: string; type: Html; note: string }[]): Html | null {
  if (rows.length === 0) return null;
  return html`<div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col" class="left">Type</th><th scope="col" class="left">Meaning</th></tr></thead><tbody>${rows.map(
    (r) =>
      html`<tr><td><code>${r.name}</code></td><td class="left wrap"><code>${r.type}</code></td><td class="left wrap">${r.note}</td></tr>`,
  )}</tbody></table></div>`;
}

function noteOf(schema: unknown): string {
  if (!isObject(schema)) return '';
  const description = typeof schema['description'] === 'string' ? schema['description'] : '';
  const fallback = 'default' in schema ? `Default ${JSON.stringify(schema['default'])}.` : '';
  return [description, fallback].filter((s) => s !== '').join(' ');
}

function parameters(operation: Json): Html | null {
  const list = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isObject) : [];
  return fieldTable(
    list.map((p) => ({
      name: `${String(p['name'])}${p['in'] === 'header' ? ' (header)' : ''}`,
      type: typeOf(p['schema']),
      note: [String(p['description'] ?? ''), noteOf(p['schema'])].filter((s) => s !== '').join(' '),
    })),
  );
}

function answers(operation: Json): Html {
  const responses = isObject(operation['responses']) ? Object.entries(operation['responses']) : [];
  const rows = responses.flatMap(([status, response]) => {
    if (!isObject(response) || '$ref' in response) return [];
    const content = isObject(response['content']) ? Object.entries(response['content']) : [];
    return [
      html`<li><strong>${status}</strong> ${String(response['description'])} ${content.map(
        ([type, body]) =>
          html`<span class="soft"><code>${type}</code> ${isObject(body) ? typeOf(body['schema']) : null}</span> `,
      )}</li>`,
    ];
  });
  return html`<ul>${rows}</ul>`;
}

function section(route: Route, operation: Json, baseUrl: string): Html {
  const body = isObject(operation['requestBody']) ? operation['requestBody'] : undefined;
  const content = isObject(body?.['content']) ? body['content']['application/json'] : undefined;
  return html`<section class="route" id="${route.operationId}"><h2><span class="method">${route.method}</span> <code>${route.path}</code></h2>
<p><strong>${route.summary}.</strong> ${route.description}</p>
<p class="small soft">${route.auth === 'public' ? 'Needs no role.' : `Needs the role ${route.auth}.`}</p>
${parameters(operation)}
${isObject(content) ? html`<p>Body: ${typeOf(content['schema'])}</p>` : null}
${
  route.example === undefined
    ? null
    : html`<pre><code>curl -X ${route.method} ${baseUrl}${route.path} -H 'Content-Type: application/json' -d '${JSON.stringify(route.example)}'</code></pre>`
}
${answers(operation)}</section>`;
}

function component(name: string, schema: unknown): Html {
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : undefined;
  const required = isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  return html`<section class="route" id="schema-${name}"><h2>${name}</h2>${
    properties === undefined
      ? html`<p><code>${typeOf(schema)}</code></p>`
      : fieldTable(
          Object.entries(properties).map(([field, s]) => ({
            name: required.includes(field) ? field : `${field}?`,
            type: typeOf(s),
            note: noteOf(s),
          })),
        )
  }</section>`;
}

/** The API for people: static, made of the same OpenAPI document that machines get. */
export function docsPage(routes: readonly Route[], baseUrl: string): Response {
  const document = openApiDocument(routes, baseUrl);
  const paths = isObject(document['paths']) ? document['paths'] : {};
  const components = isObject(document['components']) ? document['components'] : {};
  const schemas = isObject(components['schemas']) ? components['schemas'] : {};
  const operationOf = (route: Route): Json => {
    const path = paths[route.path];
    const operation = isObject(path) ? path[route.method.toLowerCase()] : undefined;
    return isObject(operation) ? operation : {};
  };
  return page({
    title: 'API',
    baseUrl,
    body: html`<h1>API</h1>
<p class="lead">JSON over HTTP at <code>${baseUrl}</code>. For machines: <a href="${baseUrl}/api">OpenAPI 3.0</a>.</p>
<nav aria-label="Routes"><ul>${routes.map((r) => html`<li><a href="#${r.operationId}"><code>${r.method} ${r.path}</code></a> ${r.summary}</li>`)}</ul></nav>
${routes.map((r) => section(r, operationOf(r), baseUrl))}
<h2 id="problems">Problems</h2><p>Errors are <code>application/problem+json</code> (RFC 9457): <a href="#schema-Problem">Problem</a>. Routes that only openEO has answer <code>application/json</code> with openEO’s members beside these: <a href="#schema-OpeneoError">OpeneoError</a>.</p>
<div class="scroll"><table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col" class="left">What to do</th></tr></thead><tbody>${problemCodes.map(
      (code) =>
        html`<tr id="problem-${code}"><td><code>${code}</code></td><td>${statusOf[code]}</td><td class="left wrap">${adviceOf[code]}</td></tr>`,
    )}</tbody></table></div>
<h2>Schemas</h2>${Object.entries(schemas).map(([name, schema]) => component(name, schema))}`,
  });
}
