export { ShortDownloads } from './downloads/short-downloads';
export { FilesModule } from './files.module';
export { checkDrives, type CheckedResult, linesOf } from './integrity/check/check-command';
export { withCheckMeans } from './integrity/check/check-means.repository';
export { TUS_ANSWER_HEADERS, tusDiscovery, tusProtocol } from './uploads/resumable/tus-protocol';
