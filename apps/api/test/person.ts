import { type Role, userSchema } from '@homeserver/dto';

import { signInWith } from './sign-in';
import type { TestApp } from './test-app';

const PASSWORD = 'a grey heron in the rain';

/** Somebody of the household, signed in as in a browser. */
export class Person {
  private constructor(
    private readonly server: TestApp,
    readonly id: string,
    readonly username: string,
    readonly password: string,
    /** The value of the header Cookie. */
    readonly cookie: string,
  ) {}

  /** Made by the administrator; signs in at once. */
  static async arrive(server: TestApp, username: string, role: Role = 'member'): Promise<Person> {
    const response = await fetch(`${server.url}/api/v1/users`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, role, password: PASSWORD }),
    });
    if (response.status !== 201) throw new Error(await response.text());
    const { id } = userSchema.parse(await response.json());
    const cookie = await signInWith(server.url, { username, password: PASSWORD });
    return new Person(server, id, username, PASSWORD, cookie);
  }

  /** The same person in another browser. */
  async again(password = this.password): Promise<Person> {
    const { server, id, username } = this;
    const cookie = await signInWith(server.url, { username, password });
    return new Person(server, id, username, password, cookie);
  }

  /** What they call, with a body as JSON where there is one. */
  async call(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(this.server.url + path, {
      method,
      headers: {
        Cookie: this.cookie,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async get(path: string): Promise<Response> {
    return this.call('GET', path);
  }
}
