import { HttpErrorResponse } from '@angular/common/http';
import { computed, signal } from '@angular/core';

import { describeProblem, type ProblemView } from '../problem';

/** What is said when the server refuses a call because the sign-in behind it is old. */
const CONFIRM_REQUIRED = 'accounts.confirm_required';

/** One form's way to the server: whether it is under way, and what was wrong with the last try. */
export class Submission {
  readonly isSending = computed(() => this.sending());
  /** What went wrong and belongs to no field; null when nothing did. */
  readonly problem = computed(() => this.failure());

  private readonly sending = signal(false);
  private readonly failure = signal<ProblemView | null>(null);
  private readonly faults = signal<ReadonlyMap<string, string>>(new Map());

  /**
   * @param pointers of the fields that the form has, such as `#/displayName`
   * @param fieldOfCode the field that a problem belongs to whose answer points to none
   */
  constructor(
    private readonly pointers: readonly string[] = [],
    private readonly fieldOfCode: Readonly<Record<string, string>> = {},
  ) {}

  /** What is wrong with a field; null when nothing is. */
  fault(pointer: string): string | null {
    return this.faults().get(pointer) ?? null;
  }

  /** Says what is wrong with fields before anything was sent. Empty: nothing is. */
  refuse(faults: ReadonlyMap<string, string>): void {
    this.failure.set(null);
    this.faults.set(faults);
  }

  /** Forgets what was wrong. */
  clear(): void {
    this.refuse(new Map());
  }

  /** Does nothing while another try is under way. Never rejects: @returns whether it was done. */
  async run(send: () => Promise<void>): Promise<boolean> {
    if (this.sending()) return false;
    this.sending.set(true);
    this.clear();
    try {
      await send();
      return true;
    } catch (error) {
      this.take(error);
      return false;
    } finally {
      this.sending.set(false);
    }
  }

  private take(error: unknown): void {
    const problem = describeProblem(error);
    // The person was asked to confirm and has let it be: they know.
    if (problem.code === CONFIRM_REQUIRED) return;
    const field = this.fieldOfCode[problem.code];
    const faults =
      field === undefined ? faultsOf(error, this.pointers) : new Map([[field, problem.detail]]);
    this.faults.set(faults);
    if (faults.size === 0) this.failure.set(problem);
  }
}

/** The faults of an answer of 422 that belong to one of these fields, by pointer. */
export function faultsOf(
  failure: unknown,
  pointers: readonly string[],
): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const body: unknown = failure instanceof HttpErrorResponse ? failure.error : null;
  if (typeof body !== 'object' || body === null || !('errors' in body)) return faults;
  if (!Array.isArray(body.errors)) return faults;
  const listed: readonly unknown[] = body.errors;
  for (const fault of listed) {
    if (!isFault(fault)) continue;
    const pointer = pointers.find(
      (known) => fault.pointer === known || fault.pointer.startsWith(`${known}/`),
    );
    if (pointer !== undefined && !faults.has(pointer)) faults.set(pointer, fault.detail);
  }
  return faults;
}

function isFault(value: unknown): value is { readonly pointer: string; readonly detail: string } {
  if (typeof value !== 'object' || value === null) return false;
  if (!('pointer' in value) || !('detail' in value)) return false;
  return typeof value.pointer === 'string' && typeof value.detail === 'string';
}
