import { replayVector } from './replay';
import type { Suite } from './suite';
import { readVectors } from './vectors';

/** What came of the vectors of one group. */
export interface GroupReport {
  readonly file: string;
  readonly group: string;
  equal: number;
  /** Number of the deviation and how often. */
  readonly deviations: Map<string, number>;
  /** Reason and how often. */
  readonly notApplicable: Map<string, number>;
  readonly different: { readonly id: string; readonly expected: unknown; readonly actual: unknown }[];
  /** Vectors of a group that no suite replays. */
  outOfScope: number;
}

/** Replays the groups of a suite whose name contains `wanted`. */
export async function groupReports(suite: Suite, directory?: string, wanted = ''): Promise<readonly GroupReport[]> {
  const reports = new Map<string, GroupReport>();
  for (const vector of readVectors(suite.file, directory)) {
    if (!vector.group.includes(wanted)) continue;
    const report = reports.get(vector.group) ?? emptyReport(suite.file, vector.group);
    reports.set(vector.group, report);
    if (!suite.covers(vector.group)) {
      report.outOfScope++;
      continue;
    }
    const outcome = await replayVector(suite, vector);
    if (outcome.kind === 'equal') report.equal++;
    else if (outcome.kind === 'deviation') count(report.deviations, outcome.id);
    else if (outcome.kind === 'not-applicable') count(report.notApplicable, outcome.reason);
    else report.different.push({ id: vector.id, expected: outcome.expected, actual: outcome.actual });
  }
  return [...reports.values()];
}

function emptyReport(file: string, group: string): GroupReport {
  return { file, group, equal: 0, deviations: new Map(), notApplicable: new Map(), different: [], outOfScope: 0 };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
