/** A name was taken while it was given. */
export class NameConflict extends Error {}
