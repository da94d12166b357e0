/** What a satellite file can name as its telemetry: the built-in dissectors, then config/telemetry/*.ksy. */
export const telemetryNames = ['ax25', 'csp', 'csp_swapped', 'ax25_ui', 'csp_v1', 'funcube_1'] as const;

export type TelemetryName = (typeof telemetryNames)[number];
