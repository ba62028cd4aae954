import { processTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';
import { realTools } from './real-tools.ts';

process.exitCode = await runProgram(process.argv.slice(2), processTerminal(), realTools);
