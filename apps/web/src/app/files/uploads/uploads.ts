/** What is loaded with the first upload. */
export { FormerUploads } from './former-uploads';
export { UploadPanel } from './upload-panel';
export { UploadQueue } from './upload-queue';
export { OpenFolder } from './upload-target';
