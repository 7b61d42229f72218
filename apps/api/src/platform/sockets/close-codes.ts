/** RFC 6455, 7.4, and the contract's own codes, section Accounts. */
export const CloseCode = {
  goingAway: 1001,
  policyViolation: 1008,
  sessionEnded: 4401,
  tooSlow: 4408,
} as const;
