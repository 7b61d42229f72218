export { Button, type ButtonLook } from './button/button';
export {
  bytesText,
  byteUnitOf,
  type ByteUnit,
  formatBytes,
  formatBytesIn,
  type FormattedBytes,
} from './format/bytes';
export {
  formatAge,
  formatClock,
  formatClockWithSeconds,
  formatDateTime,
  formatDay,
  formatDuration,
} from './format/dates';
export { countOf, formatCount } from './format/numbers';
export { type Choice, SelectField } from './field/select-field';
export { ShownSecret } from './field/shown-secret';
export { Switch } from './field/switch';
export { TextArea } from './field/text-area';
export { TextField, type TextKind } from './field/text-field';
export { Icon, type IconName } from './icon/icon';
export { ProgressBar, type ProgressTone } from './progress-bar/progress-bar';
export { EmptyState } from './state/empty-state';
export { ErrorState } from './state/error-state';
export { ProblemLine } from './state/problem-line';
export { RequestId } from './state/request-id';
export { AreaPlot, type ChartTone } from './chart/area-plot';
export { type ChartExtent, type ChartPoint, roundTop } from './chart/chart-geometry';
export { TimeChart } from './chart/time-chart';
export { Tag } from './tag/tag';
export { TagToggle } from './tag/tag-toggle';
