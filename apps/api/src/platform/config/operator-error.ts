/** What an operator asked for that cannot be done. The message is one line for them. */
export class OperatorError extends Error {}
