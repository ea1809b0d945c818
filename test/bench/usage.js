// Loaded before a program that is measured: writes what the whole run took when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.OWLNEST_BENCH_USAGE, JSON.stringify(process.resourceUsage()));
});
