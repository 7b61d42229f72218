export { FilesModule } from './files.module';
export {
  TUS_ANSWER_HEADERS,
  tusDiscovery,
  tusMethodOverride,
} from './uploads/resumable/tus-protocol';
