import { inScope } from '../pinning/scope';
import type { GroupReport } from '../report';

interface Totals {
  equal: number;
  byDesign: number;
  exempt: number;
  different: number;
  /** In groups that no suite replays. */
  unreplayed: number;
}

/** The table of a run: a line for each group, the totals, and the shares of what must say the same as the reference. */
export function table(reports: readonly GroupReport[]): string {
  const replayed = reports.filter((report) => report.outOfScope === 0);
  const width = Math.max(...replayed.map((report) => nameOf(report).length), 5);
  const scoped = reports.filter((report) => inScope(report.file, report.group));
  const { equal, byDesign, exempt, different, unreplayed } = totalsOf(reports);
  return [
    `${'group'.padEnd(width)}  equal  by design  not applicable  different`,
    ...replayed.map((report) => row(report, width)),
    '',
    `${equal} equal, ${byDesign} different by design, ${exempt} not applicable, ${different} different, ` +
      `${unreplayed} in groups of no suite yet`,
    shares(totalsOf(scoped)),
    ...scoped.filter((report) => report.outOfScope > 0).map((report) => `  not replayed: ${nameOf(report)}`),
  ].join('\n');
}

/** Deviations and exemptions as parts of the whole; a group that nothing replays counts as exempt. */
function shares(totals: Totals): string {
  const count = Object.values(totals).reduce((sum, part) => sum + part, 0);
  const share = (part: number) => `${part} (${((100 * part) / Math.max(count, 1)).toFixed(1)} %)`;
  return (
    `In scope (signatures, prompts, answers, saved programs, single calls): ${count} vectors, ${share(totals.equal)} equal, ` +
    `${share(totals.byDesign)} different by design, ${share(totals.exempt + totals.unreplayed)} not applicable, ` +
    `${totals.different} different`
  );
}

function row(report: GroupReport, width: number): string {
  const { equal, byDesign, exempt, different } = totalsOf([report]);
  const reasons = [...report.deviations, ...report.notApplicable].map(([reason, count]) => `${reason}: ${count}`);
  const numbers = [column(equal, 5), column(byDesign, 9), column(exempt, 14), column(different, 9)];
  return `${nameOf(report).padEnd(width)}  ${numbers.join('  ')}  ${reasons.join('; ')}`.trimEnd();
}

function totalsOf(reports: readonly GroupReport[]): Totals {
  const totals = { equal: 0, byDesign: 0, exempt: 0, different: 0, unreplayed: 0 };
  for (const report of reports) {
    totals.equal += report.equal;
    totals.byDesign += sum(report.deviations);
    totals.exempt += sum(report.notApplicable);
    totals.different += report.different.length;
    totals.unreplayed += report.outOfScope;
  }
  return totals;
}

function nameOf({ file, group }: GroupReport): string {
  return `${file} ${group}`;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function column(value: number, width: number): string {
  return String(value).padStart(width);
}
