import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  DecideAttention,
  Drive,
  DrivePage,
  Job,
  NewDrive,
  PatchDrive,
  ScanDrive,
} from '@homeserver/dto';
import type { Observable } from 'rxjs';

/** As it is sent: what has a default may be left out. */
export type WantedDrive = Omit<NewDrive, 'readOnly'> & Partial<Pick<NewDrive, 'readOnly'>>;

const DRIVES = '/api/v1/drives';

/** What administrators do with drives. Failures come as HttpErrorResponse. */
@Injectable({ providedIn: 'root' })
export class DriveAdminApi {
  private readonly http = inject(HttpClient);

  /** Every drive with its settings, the default one first. */
  all(): Observable<DrivePage> {
    return this.http.get<DrivePage>(DRIVES, { params: { all: 1 } });
  }

  /** 409 `drives.name_taken`, `drives.known`; 422 with a pointer that says what is wrong with the path. */
  add(drive: WantedDrive): Observable<Drive> {
    return this.http.post<Drive>(DRIVES, drive);
  }

  /** 409 `drives.name_taken`, 422. */
  change(id: string, change: PatchDrive): Observable<Drive> {
    return this.http.patch<Drive>(`${DRIVES}/${id}`, change);
  }

  /** Deletes no file. */
  forget(id: string): Observable<unknown> {
    return this.http.delete(`${DRIVES}/${id}`);
  }

  /** The scan goes on in the background. */
  scan(id: string, scan: ScanDrive): Observable<Job> {
    return this.http.post<Job>(`${DRIVES}/${id}/scan`, scan);
  }

  /** All files are read, and compared with their hashes, in the background. */
  verify(id: string): Observable<Job> {
    return this.http.post<Job>(`${DRIVES}/${id}/verification`, null);
  }

  decide(id: string, decision: DecideAttention): Observable<unknown> {
    return this.http.post(`${DRIVES}/${id}/attention`, decision);
  }
}
