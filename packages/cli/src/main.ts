import { processTerminal } from './process-terminal.ts';
import { runProgram } from './program.ts';
import { realTools } from './real-tools.ts';

// Without `await`, which a script has not at its top: the bundle is one.
void runProgram(process.argv.slice(2), processTerminal(), realTools).then((code) => {
  process.exitCode = code;
});
