import { historyMetricSchema, type HistoryQuery, type MetricsHistory } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { InvalidInputError } from '../../platform/http/domain-error';
import { chooseGrid, toPoints } from './downsampling';
import { HISTORY_WINDOW_MS, SampleRing } from './sample-ring';

@Injectable()
export class HistoryService {
  constructor(private readonly ring: SampleRing) {}

  /**
   * What was sampled in the last 15 minutes, or in the part of them that is asked for. With more
   * samples than points these are drawn together, and `intervalMs` is the stretch of each point.
   * @throws InvalidInputError (422) when `from` lies after `to`
   */
  read({ metric, from, to, points }: HistoryQuery): MetricsHistory {
    const now = Date.now();
    const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
    const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
    if (fromMs > toMs) {
      throw new InvalidInputError([
        { pointer: '#/query/from', detail: 'The time “from” must not lie after “to”.' },
      ]);
    }
    const metrics = new Set(metric === undefined ? historyMetricSchema.options : [metric].flat());
    const { times, series } = this.ring.select(
      metrics,
      Math.max(fromMs, now - HISTORY_WINDOW_MS),
      toMs,
    );
    const grid = chooseGrid(times, points, this.ring.intervalMs);
    return {
      intervalMs: grid?.widthMs ?? this.ring.intervalMs,
      series: series.map(({ metric: name, labels, values }) => ({
        metric: name,
        labels: { ...labels },
        points: toPoints(times, values, grid),
      })),
    };
  }
}
