import { describe, expect, it } from 'vitest';
import { groupReports } from './report';
import { SUITES } from './suites/index';
import { PINS, readVectors, recordedDirectory } from './vectors';

const FOLDERS = [
  { name: 'pinned', folder: PINS },
  { name: 'recorded', folder: recordedDirectory() },
].filter(({ folder }) => folder !== undefined);

describe.each(FOLDERS)('behaves as the $name reference, but for the numbered deviations', ({ folder }) => {
  for (const suite of SUITES) {
    const groups = [...new Set(readVectors(suite.file, folder).map((vector) => vector.group))].filter((group) =>
      suite.covers(group),
    );
    it.each(groups)(`${suite.file} %s`, async (group) => {
      const reports = await groupReports(suite, folder, group);
      expect(reports.filter((report) => report.group === group).flatMap((report) => report.different)).toEqual([]);
    });
  }
});
