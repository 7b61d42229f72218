import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { HistoryMetric, MetricsHistory } from '@homeserver/dto';
import type { Observable } from 'rxjs';

@Injectable({ providedIn: 'root' })
export class MonitoringApi {
  private readonly http = inject(HttpClient);

  /** The last 15 minutes of some metrics, in at most so many points each. */
  history(metric: readonly HistoryMetric[], points: number): Observable<MetricsHistory> {
    return this.http.get<MetricsHistory>('/api/v1/monitoring/history', {
      params: { metric, points },
    });
  }
}
