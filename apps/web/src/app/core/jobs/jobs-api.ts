import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { FileDetails, Job, JobPage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

const JOBS = '/api/v1/jobs';
/** The schemas of the contract, which know the largest page, are more than the first page wants to load. */
const MOST = 1000;

/** Work in the background: that of the person; administrators see that of all. */
@Injectable({ providedIn: 'root' })
export class JobsApi {
  private readonly http = inject(HttpClient);

  /** Those that are not over yet, the newest first. */
  active(): Observable<JobPage> {
    return this.http.get<JobPage>(JOBS, { params: { active: 1, limit: MOST } });
  }

  job(id: string): Observable<Job> {
    return this.http.get<Job>(`${JOBS}/${id}`);
  }

  /** 409 `jobs.over` when there is nothing left to stop. */
  cancel(id: string): Observable<void> {
    return this.http.delete<void>(`${JOBS}/${id}`);
  }

  /** Where what a job has made lies. */
  result(id: string): Observable<FileDetails> {
    return this.http.get<FileDetails>(`/api/v1/files/${id}/metadata`);
  }
}
