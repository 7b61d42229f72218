/**
 * What a drive has of ours, at its root: names alone, for the threads too, which load no more than they need.
 * How these folders are made is the business of drives.
 */
export const OWN_FOLDER = '.homeserver';
/** Where what was put into the trash lies, each under the id of its entry. */
export const TRASH_PATH = `${OWN_FOLDER}/trash`;
/** Where the earlier contents of files lie, in a folder for each file. */
export const VERSIONS_PATH = `${OWN_FOLDER}/versions`;
