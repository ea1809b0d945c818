import { readFileSync } from 'node:fs';

/** What a process has used since it began. */
export interface Usage {
  readonly processorSeconds: number;
  /** Resident memory now. */
  readonly residentBytes: number;
  /** Read and written by system calls: files and sockets alike. */
  readonly bytes: number;
}

/** Linux counts processor time in ticks of this many a second (`getconf CLK_TCK`, the same on all its platforms). */
const TICKS = 100;

/** Usage of the process by its id, from Linux's /proc (`man 5 proc`); throws elsewhere. */
export function usageOf(id: number): Usage {
  const read = (name: string): string => readFileSync(`/proc/${id}/${name}`, 'utf8');
  // The name of the program, which may hold spaces, ends with the last bracket; utime and stime are fields 14 and 15.
  const fields = read('stat').split(') ').at(-1)?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const number = (text: string, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  const io = read('io');
  return {
    processorSeconds: ticks / TICKS,
    residentBytes: number(read('status'), 'VmRSS') * 1024,
    bytes: number(io, 'rchar') + number(io, 'wchar'),
  };
}

/** What was used between two looks; memory as it is at the second. */
export function spent(before: Usage | undefined, after: Usage): Usage {
  return {
    processorSeconds: after.processorSeconds - (before?.processorSeconds ?? 0),
    residentBytes: after.residentBytes,
    bytes: after.bytes - (before?.bytes ?? 0),
  };
}
