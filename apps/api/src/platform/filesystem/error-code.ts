/** The code of an error of the system or the driver, such as ENOENT or 23505; empty where it has none. */
export function errorCode(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : '';
}
