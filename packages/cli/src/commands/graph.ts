import { type SwathError, toSwathError } from '@swath/core';
import { exitCode } from '../exit.ts';
import { readJson5 } from '../json-file.ts';
import { table } from '../render/table.ts';
import { plain } from '../terminal.ts';
import type { AddCommand, Bind } from './command.ts';

type Graph = typeof import('@swath/graph');

/** The evaluator is loaded when it is asked for, so that `swath --help` stays quick. */
const loadGraph = (): Promise<Graph> => import('@swath/graph');

/** What one call gave; the names of the openEO test documents. */
type Outcome = { readonly returns: unknown } | { readonly throws: string; readonly message: string };

const nameOf = (error: SwathError): string => error.reason ?? error.code;

/** A call, or a whole process with its graph. A call that fails is an answer, too. */
function outcomeOf(document: unknown, graph: Graph): Outcome {
  try {
    const isProcess = typeof document === 'object' && document !== null && 'process_graph' in document;
    const value = isProcess
      ? graph.evaluateProcess(graph.parseProcess(document))
      : graph.evaluateCall(document);
    return { returns: graph.encodeValue(value) };
  } catch (thrown) {
    const error = toSwathError(thrown);
    return { throws: nameOf(error), message: error.message };
  }
}

function outcomeText(outcome: Outcome): string {
  return 'throws' in outcome
    ? plain(`${outcome.throws}: ${outcome.message}`)
    : plain(JSON.stringify(outcome.returns));
}

function evalAction(bind: Bind) {
  return bind<[string]>(async (context, file) => {
    const graph = await loadGraph();
    const document = await readJson5(file, graph.MAX_EVALUATION_BYTES, context.terminal);
    const calls: readonly unknown[] = Array.isArray(document) ? document : [document];
    graph.checkCallCount(calls.length);
    for (const call of calls) {
      context.terminal.signal.throwIfAborted();
      const outcome = outcomeOf(call, graph);
      context.answer(outcome, () => outcomeText(outcome));
    }
    return undefined;
  });
}

function validateAction(bind: Bind) {
  return bind<[string]>(async (context, file) => {
    const graph = await loadGraph();
    const document = graph.parseProcess(await readJson5(file, graph.MAX_GRAPH_BYTES, context.terminal));
    const problems = graph.validateProcess(document);
    context.answer({ valid: problems.length === 0, problems }, () =>
      problems.length === 0
        ? 'valid'
        : problems
            .map(({ code, message, pointer, fix }) => {
              const advice = fix === undefined ? '' : `\n  ${plain(fix)}`;
              return `${context.colors.bold(code)}: ${plain(message)} (at ${plain(pointer)})${advice}`;
            })
            .join('\n'),
    );
    return problems.length === 0 ? undefined : exitCode.usage;
  });
}

function processesAction(bind: Bind) {
  return bind<[string | undefined]>(async (context, text = '') => {
    const { processDefinitions } = await loadGraph();
    const word = text.toLowerCase();
    const found = processDefinitions().filter(({ id, summary, categories }) =>
      [id, summary, ...categories].some((field) => field.toLowerCase().includes(word)),
    );
    context.answer(found, () =>
      table(
        [{ head: 'process' }, { head: 'parameters' }, { head: 'what it is' }],
        found.map(({ id, parameters, summary }) => [
          context.colors.bold(id),
          parameters.map(({ name, optional }) => (optional === true ? `[${name}]` : name)).join(', '),
          summary,
        ]),
        context.colors,
      ),
    );
    return undefined;
  });
}

/** `swath graph eval FILE`, `swath graph validate FILE`, `swath graph processes [TEXT]` */
export const addGraph: AddCommand = (program, bind) => {
  const graph = program.command('graph').description('openEO process graphs, without a server');
  graph
    .command('eval <file>')
    .description(
      'evaluate one call {"process_id", "arguments"}, an array of calls, or a process; "-" is standard input',
    )
    .action(evalAction(bind));
  graph
    .command('validate <file>')
    .description('say everything that is wrong with a process graph; "-" is standard input')
    .action(validateAction(bind));
  graph
    .command('processes [text]')
    .description('list processes, or those whose name or summary has the text')
    .action(processesAction(bind));
};
