import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { type FileDetails, type Job, type JobPage, MAXIMUM_PAGE_LIMIT } from '@homeserver/dto';
import type { Observable } from 'rxjs';

const JOBS = '/api/v1/jobs';

/** Work in the background: that of the person; administrators see that of all. */
@Injectable({ providedIn: 'root' })
export class JobsApi {
  private readonly http = inject(HttpClient);

  /** Those that are not over yet, the newest first. */
  active(): Observable<JobPage> {
    return this.http.get<JobPage>(JOBS, { params: { active: 1, limit: MAXIMUM_PAGE_LIMIT } });
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
