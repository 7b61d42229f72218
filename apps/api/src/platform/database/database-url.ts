/** The token under which the address of the database is injected, password and all. */
export const DATABASE_URL = Symbol('DATABASE_URL');
