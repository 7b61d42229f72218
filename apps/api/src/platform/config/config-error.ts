/** A wrong value in the environment. The message is one line for the person who starts the server. */
export class ConfigError extends Error {}
