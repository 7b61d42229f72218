import { refusalWords } from './refusal-words';

describe('refusalWords', () => {
  it('should say why the identity provider let nobody in when the address has a code', () => {
    expect(refusalWords('accounts.oidc_unknown_user')).toContain('belongs to nobody here');
  });

  it('should say nothing when the address has none', () => {
    expect(refusalWords(undefined)).toBeNull();
  });

  it.each(['constructor', '<b>Call this number</b>', ''])(
    'should show only words of ours when the address has %j',
    (code) => {
      expect(refusalWords(code)).toBe('That sign-in did not work. Try again, or use another way.');
    },
  );
});
