import { describe, expect, it } from '@jest/globals';

import { encodeMetadata } from '../../../../test/tus-client';
import {
  announcedBytes,
  readChecksum,
  readCreation,
  readOffset,
  readPairs,
  requirePartType,
  requireTusVersion,
} from './tus-headers';

const faultOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};
const invalid = (pointer: string) =>
  expect.objectContaining({
    status: 422,
    errors: [expect.objectContaining({ pointer: `#/header/${pointer}` })],
  });
const creation = (metadata: Record<string, string>, length = '1') => ({
  'upload-length': length,
  'upload-metadata': encodeMetadata({ filename: 'a', ...metadata }),
});

describe('the headers of an upload', () => {
  it('should be read as pairs of UTF-8 when they are metadata', () => {
    expect(readPairs(encodeMetadata({ filename: 'Grüße 日本.txt', empty: '' }))).toEqual({
      filename: 'Grüße 日本.txt',
      empty: '',
    });
    expect(readPairs('is_confidential, filename YQ==')).toEqual({
      is_confidential: '',
      filename: 'a',
    });
    expect(readPairs('')).toEqual({});
    expect(readPairs('filename 77u/YQ==')).toEqual({ filename: '\ufeffa' });
    expect(Object.keys(readPairs('__proto__ YQ=='))).toEqual(['__proto__']);
  });

  it.each([
    ['no base64', 'filename a%b', 'upload-metadata/filename'],
    ['base64 without its end', 'filename YQ', 'upload-metadata/filename'],
    ['base64 of another alphabet', 'filename _-8=', 'upload-metadata/filename'],
    ['no UTF-8', 'filename /w==', 'upload-metadata/filename'],
    ['half of a pair of surrogates', 'filename 7aCA', 'upload-metadata/filename'],
    ['a key twice', 'filename YQ==,filename YQ==', 'upload-metadata/filename'],
    ['no key', 'filename YQ==,', 'upload-metadata'],
    ['a key that is not ASCII', 'ä YQ==', 'upload-metadata'],
    ['two values', 'filename YQ== YQ==', 'upload-metadata'],
  ])('should be refused with 422 when metadata has %s', (_, text, pointer) => {
    expect(faultOf(() => readPairs(text))).toEqual(invalid(pointer));
  });

  it('should give what an upload is to become', () => {
    const sha256 = 'a'.repeat(64);
    const folderId = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';
    const more = { tags: ' a, b,,a', lastModified: '2020-01-02T03:04:05+01:00', sha256, folderId };

    expect(readCreation(creation({ ...more, filetype: 'text/html' }, '12')).metadata).toEqual({
      filename: 'a',
      tags: ['a', 'b'],
      conflict: 'rename',
      lastModified: new Date('2020-01-02T02:04:05.000Z'),
      sha256,
      folderId,
    });
    expect(readCreation(creation({}, '0')).length).toBe(0);
    expect(readCreation(creation({ lastModified: '-1' })).metadata.lastModified).toEqual(
      new Date(-1),
    );
  });

  it.each([
    ['2020-01-02', '2020-01-02T00:00:00.000Z'],
    ['2020-01-02T03:04Z', '2020-01-02T03:04:00.000Z'],
    ['2020-01-02T03:04:05.678-02:00', '2020-01-02T05:04:05.678Z'],
  ])('should take %s for a time', (lastModified, time) => {
    expect(readCreation(creation({ lastModified })).metadata.lastModified).toEqual(new Date(time));
  });

  it.each([
    ['sha256', 'A'.repeat(64)],
    ['sha256', 'a'.repeat(63)],
    ['lastModified', 'yesterday'],
    ['lastModified', '1e3'],
    ['lastModified', '99999999999999999'],
    ['lastModified', '-99999999999999999'],
    ['lastModified', ''],
    ['conflict', 'replace'],
    ['driveId', 'none'],
    ['folderId', ''],
    ['tags', 'x'.repeat(65)],
  ])('should be refused with 422 when %s is %j', (key, value) => {
    const fault = faultOf(() => readCreation(creation({ [key]: value })));
    expect(fault).toMatchObject({ status: 422 });
    expect(JSON.stringify(fault)).toContain(`#/header/upload-metadata/${key}`);
  });

  it('should be refused with 422 when no file is named', () => {
    const headers = { 'upload-length': '1' };
    expect(faultOf(() => readCreation(headers))).toEqual(invalid('upload-metadata/filename'));
  });

  it.each(['', '-1', '+1', '1.0', '1e3', '0x10', ' 1', 'NaN', '1, 1', '१'])(
    'should be refused with 422 when a number is %j',
    (text) => {
      expect(faultOf(() => readCreation(creation({}, text)))).toEqual(invalid('upload-length'));
      expect(faultOf(() => readOffset({ 'upload-offset': text }))).toEqual(
        invalid('upload-offset'),
      );
    },
  );

  it('should be refused when the length is deferred, put together, or beyond all numbers', () => {
    const rest = creation({});
    expect(faultOf(() => readCreation({ ...rest, 'upload-defer-length': '1' }))).toEqual(
      invalid('upload-defer-length'),
    );
    expect(faultOf(() => readCreation({ ...rest, 'upload-concat': 'partial' }))).toEqual(
      invalid('upload-concat'),
    );
    for (const length of ['9007199254740992', '9'.repeat(30)]) {
      expect(faultOf(() => readCreation(creation({}, length)))).toMatchObject({ status: 413 });
    }
    expect(readCreation(creation({}, '9007199254740991')).length).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('should give the checksum of a part', () => {
    expect(readChecksum({})).toBeNull();
    expect(readChecksum({ 'upload-checksum': 'md5 1B2M2Y8AsgTpgAmY7PhCfg==' })).toEqual({
      algorithm: 'md5',
      digest: Buffer.from('d41d8cd98f00b204e9800998ecf8427e', 'hex'),
    });
    for (const text of ['crc32 AAAA', '', 'SHA1 AAAA', 'constructor AAAA']) {
      expect(faultOf(() => readChecksum({ 'upload-checksum': text }))).toMatchObject({
        status: 400,
      });
    }
    for (const text of ['sha1', 'sha1 ', 'sha1 !!', 'sha1 AAAA AAAA'])
      expect(faultOf(() => readChecksum({ 'upload-checksum': text }))).toEqual(
        invalid('upload-checksum'),
      );
  });

  it('should say the protocol and the type', () => {
    expect(faultOf(() => requireTusVersion({ 'tus-resumable': '1.0.0' }))).toBeUndefined();
    for (const headers of [{}, { 'tus-resumable': '0.2.2' }, { 'tus-resumable': '2.0.0' }])
      expect(faultOf(() => requireTusVersion(headers))).toMatchObject({ status: 412 });
    const part = { 'content-type': 'Application/Offset+octet-stream' };
    expect(faultOf(() => requirePartType(part))).toBeUndefined();
    for (const headers of [
      {},
      { 'content-type': 'text/plain' },
      { ...part, 'content-encoding': 'gzip' },
    ])
      expect(faultOf(() => requirePartType(headers))).toMatchObject({ status: 415 });
  });

  it('should announce how much comes, unless it comes in chunks', () => {
    expect(announcedBytes({})).toBe(0);
    expect(announcedBytes({ 'content-length': '7' })).toBe(7);
    expect(announcedBytes({ 'transfer-encoding': 'chunked' })).toBeNull();
  });
});
