import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import asc from 'assemblyscript/asc';

const sources = join(import.meta.dirname, '../../kernels');
const target = join(import.meta.dirname, 'module.ts');

/** The text of module.ts for the sources as they are. @throws Error with the compiler's messages. */
export async function buildKernels(): Promise<string> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--outFile=kernels.wasm',
      '--runtime=stub',
      '--importMemory',
      '--zeroFilledMemory',
      '--enable=simd',
      '--optimizeLevel=3',
      '--shrinkLevel=0',
      '--converge',
      '--noAssert',
      '--use=abort=',
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(join(sources, relative('.', join(base, name))), 'utf8');
        } catch {
          return null; // The compiler asks for files that need not exist.
        }
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) {
    throw new Error(`the kernels do not compile:\n${stderr.toString()}`, { cause: error });
  }
  const base64 = Buffer.from(binary).toString('base64');
  return `// Made by \`npm run build:kernels\` from packages/raster/kernels.\nexport const kernelsBase64 =\n  '${base64}';\n`;
}

if (process.argv[1] === import.meta.filename) {
  const text = await buildKernels();
  writeFileSync(target, text);
  process.stdout.write(`${relative(process.cwd(), target)}: ${text.length} characters\n`);
}
