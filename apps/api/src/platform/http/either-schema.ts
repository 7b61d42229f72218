import type { StandardSchemaV1 } from '@standard-schema/spec';

/** Takes what one of two schemas takes; the first one is asked first. */
export function eitherSchema(one: StandardSchemaV1, other: StandardSchemaV1): StandardSchemaV1 {
  return {
    '~standard': {
      version: 1,
      vendor: 'homeserver',
      validate: async (value) => {
        const result = await one['~standard'].validate(value);
        return result.issues === undefined ? result : other['~standard'].validate(value);
      },
    },
  };
}
